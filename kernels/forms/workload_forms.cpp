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
    {.workload = "event", .form = Form::cpu, .prepare = &prepare_event},
    {.workload = "event", .form = Form::cuda, .prepare = &prepare_cuda_event},
    {.workload = "control-path", .form = Form::cpu, .prepare = &prepare_control_path},
    {.workload = "control-path", .form = Form::cuda, .prepare = &prepare_cuda_control_path},
});

}  // namespace

std::span<const WorkloadForm> workload_forms() { return forms; }

const WorkloadForm* find_workload_form(std::string_view workload, Form form) {
    return find_form(forms, workload, form);
}

}  // namespace passbench
