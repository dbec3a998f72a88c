#include <array>

#include "kernels/cpu/forms.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/workload_instance.hpp"

namespace passbench {

namespace {

constexpr auto forms = std::to_array<WorkloadForm>({
    {.workload = "stream", .form = Form::cpu, .prepare = &prepare_stream},
    {.workload = "stream", .form = Form::cuda, .prepare = &prepare_cuda_stream},
    {.workload = "copy", .form = Form::cpu, .prepare = &prepare_copy},
    {.workload = "copy", .form = Form::cuda, .prepare = &prepare_cuda_copy},
    {.workload = "duplex", .form = Form::cpu, .prepare = &prepare_duplex},
    {.workload = "duplex", .form = Form::cuda, .prepare = &prepare_cuda_duplex},
    {.workload = "host-chase", .form = Form::cpu, .prepare = &prepare_host_chase},
    {.workload = "host-chase", .form = Form::cuda, .prepare = &prepare_cuda_host_chase},
    {.workload = "host-read", .form = Form::cpu, .prepare = &prepare_host_read},
    {.workload = "host-read", .form = Form::cuda, .prepare = &prepare_cuda_host_read},
    {.workload = "fma", .form = Form::cpu, .prepare = &prepare_fma},
    {.workload = "fma", .form = Form::cuda, .prepare = &prepare_cuda_fma},
    {.workload = "dispatch", .form = Form::cpu, .prepare = &prepare_dispatch},
    {.workload = "launch", .form = Form::cuda, .prepare = &prepare_cuda_launch},
    {.workload = "roofline", .form = Form::cpu, .prepare = &prepare_roofline},
    {.workload = "roofline", .form = Form::cuda, .prepare = &prepare_cuda_roofline},
    {.workload = "image", .form = Form::cpu, .prepare = &prepare_image},
    {.workload = "image", .form = Form::cuda, .prepare = &prepare_cuda_image},
    {.workload = "fft", .form = Form::cpu, .prepare = &prepare_fft},
    {.workload = "fft", .form = Form::cuda, .prepare = &prepare_cuda_fft},
    {.workload = "graph", .form = Form::cpu, .prepare = &prepare_graph},
    {.workload = "graph", .form = Form::cuda, .prepare = &prepare_cuda_graph},
    {.workload = "event", .form = Form::cpu, .prepare = &prepare_event},
    {.workload = "event", .form = Form::cuda, .prepare = &prepare_cuda_event},
    {.workload = "control-path", .form = Form::cpu, .prepare = &prepare_control_path},
    {.workload = "control-path", .form = Form::cuda, .prepare = &prepare_cuda_control_path},
    {.workload = "gemm", .form = Form::cpu, .prepare = &prepare_gemm},
    {.workload = "gemm", .form = Form::cuda, .prepare = &prepare_cuda_gemm},
    {.workload = "gemm-batched", .form = Form::cpu, .prepare = &prepare_gemm_batched},
    {.workload = "gemm-batched", .form = Form::cuda, .prepare = &prepare_cuda_gemm_batched},
    {.workload = "tiny-kernels", .form = Form::cpu, .prepare = &prepare_tiny_kernels},
    {.workload = "tiny-kernels", .form = Form::cuda, .prepare = &prepare_cuda_tiny_kernels},
    {.workload = "reduce", .form = Form::cpu, .prepare = &prepare_reduce},
    {.workload = "reduce", .form = Form::cuda, .prepare = &prepare_cuda_reduce},
    {.workload = "scan", .form = Form::cpu, .prepare = &prepare_scan},
    {.workload = "scan", .form = Form::cuda, .prepare = &prepare_cuda_scan},
    {.workload = "histogram", .form = Form::cpu, .prepare = &prepare_histogram},
    {.workload = "histogram", .form = Form::cuda, .prepare = &prepare_cuda_histogram},
    {.workload = "sort", .form = Form::cpu, .prepare = &prepare_sort},
    {.workload = "sort", .form = Form::cuda, .prepare = &prepare_cuda_sort},
    {.workload = "spmv", .form = Form::cpu, .prepare = &prepare_spmv},
    {.workload = "spmv", .form = Form::cuda, .prepare = &prepare_cuda_spmv},
    {.workload = "gather", .form = Form::cpu, .prepare = &prepare_gather},
    {.workload = "gather", .form = Form::cuda, .prepare = &prepare_cuda_gather},
    {.workload = "managed", .form = Form::cpu, .prepare = &prepare_managed},
    {.workload = "managed", .form = Form::cuda, .prepare = &prepare_cuda_managed},
    {.workload = "memtest", .form = Form::cpu, .prepare = &prepare_memtest},
    {.workload = "memtest", .form = Form::cuda, .prepare = &prepare_cuda_memtest},
    {.workload = "burn", .form = Form::cpu, .prepare = &prepare_burn},
    {.workload = "burn", .form = Form::cuda, .prepare = &prepare_cuda_burn},
});

}  // namespace

std::span<const WorkloadForm> workload_forms() { return forms; }

const WorkloadForm* find_workload_form(std::string_view workload, Form form) {
    return find_form(forms, workload, form);
}

}  // namespace passbench
