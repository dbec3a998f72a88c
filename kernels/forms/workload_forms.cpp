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
    {.workload = "graph", .form = Form::cpu, .prepare = &prepare_graph},
    {.workload = "graph", .form = Form::cuda, .prepare = &prepare_cuda_graph},
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
});

}  // namespace

std::span<const WorkloadForm> workload_forms() { return forms; }

const WorkloadForm* find_workload_form(std::string_view workload, Form form) {
    return find_form(forms, workload, form);
}

}  // namespace passbench
