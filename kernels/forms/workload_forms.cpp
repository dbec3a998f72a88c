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
    {.workload = "fma", .form = Form::cpu, .prepare = &prepare_fma},
    {.workload = "fma", .form = Form::cuda, .prepare = &prepare_cuda_fma},
    {.workload = "dispatch", .form = Form::cpu, .prepare = &prepare_dispatch},
    {.workload = "launch", .form = Form::cuda, .prepare = &prepare_cuda_launch},
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
