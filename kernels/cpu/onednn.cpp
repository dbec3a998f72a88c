#include "kernels/cpu/onednn.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/core.h>

namespace passbench {

namespace {

// Of dnnl_types.h.
constexpr int engine_kind_cpu = 1;
constexpr unsigned stream_in_order = 1;
constexpr int place_of_source = 1;
constexpr int place_of_weights = 33;
constexpr int place_of_destination = 17;
constexpr std::size_t most_dimensions = 12;
constexpr int status_unimplemented = 3;

using Call = int (*)(OnednnHandle);

/// Gives an object back.
struct Destroy {
    Call call = nullptr;
    void operator()(OnednnObject* object) const { call(object); }
};
using Owned = std::unique_ptr<OnednnObject, Destroy>;

struct IsaName {
    int number;
    const char* name;
};
constexpr auto isa_names = std::to_array<IsaName>({
    {0x1, "sse41"},
    {0x3, "avx"},
    {0x7, "avx2"},
    {0xf, "avx2_vnni"},
    {0x1f, "avx2_vnni_2"},
    {0x27, "avx512_core"},
    {0x67, "avx512_core_vnni"},
    {0xe7, "avx512_core_bf16"},
    {0x1ef, "avx512_core_fp16"},
    {0xfef, "avx512_core_amx"},
    {0x1fef, "avx512_core_amx_fp16"},
});

}  // namespace

struct OnednnMatmul::State {
    std::shared_ptr<const void> library;
    int (*execute)(OnednnHandle, OnednnHandle, int, const OnednnArgument*);
    Call wait;
    Owned engine;
    Owned stream;
    std::array<Owned, 3> memories;  // A, B, C
    Owned primitive;
    std::array<OnednnArgument, 3> arguments;
};

void OnednnMatmul::run() const {
    const State& state = *state_;
    [[maybe_unused]] const int status = state.execute(state.primitive.get(), state.stream.get(),
                                                      static_cast<int>(state.arguments.size()), state.arguments.data());
    assert(status == 0);
    state.wait(state.stream.get());
}

Result<std::shared_ptr<const Onednn>> Onednn::load() {
    PASSBENCH_TRY(const SharedLibrary library, SharedLibrary::load("oneDNN", "libdnnl.so.3"));
    std::shared_ptr<Onednn> onednn(new Onednn());
#define PASSBENCH_FIND(function, ...)                                                     \
    if (const auto found = library.require<std::add_pointer_t<__VA_ARGS__>>(#function)) { \
        onednn->calls_.function = *found;                                                 \
    } else {                                                                              \
        return fail(found.error());                                                       \
    }
    PASSBENCH_ONEDNN_CALLS(PASSBENCH_FIND)
#undef PASSBENCH_FIND
    return onednn;
}

// The next parallel region of this thread, whatever oneDNN does in it, finds the threads of this one.
void Onednn::start_threads(int threads) const {
    calls_.omp_set_num_threads(threads);
    calls_.GOMP_parallel([](void*) {}, nullptr, static_cast<unsigned>(threads), 0);
}

std::string Onednn::version() const {
    const int* const numbers = calls_.dnnl_version();
    return fmt::format("{}.{}.{}", numbers[0], numbers[1], numbers[2]);
}

std::string Onednn::isa() const {
    const int number = calls_.dnnl_get_effective_cpu_isa();
    const auto* const found = std::ranges::find(isa_names, number, &IsaName::number);
    return found == isa_names.end() ? fmt::format("isa {:#x}", number) : found->name;
}

Result<void> Onednn::check(int status, const char* doing) const {
    if (status == 0) return {};
    const std::string what =
        fmt::format("oneDNN {} has nothing to {} with on this CPU ({}): status {}", version(), doing, isa(), status);
    return fail({.code = status == status_unimplemented ? ErrorCode::unsupported : ErrorCode::out_of_memory,
                 .what = what,
                 .fix = "Take library = \"best\", which then does without."});
}

Result<OnednnMatmul> Onednn::matmul(const OnednnProduct& product) const {
    auto state = std::make_shared<OnednnMatmul::State>();
    state->execute = calls_.dnnl_primitive_execute;
    state->wait = calls_.dnnl_stream_wait;
    OnednnHandle made = nullptr;
    PASSBENCH_CHECK(check(calls_.dnnl_engine_create(&made, engine_kind_cpu, 0), "make an engine"));
    state->engine = {made, {calls_.dnnl_engine_destroy}};
    PASSBENCH_CHECK(check(calls_.dnnl_stream_create(&made, state->engine.get(), stream_in_order), "make a stream"));
    state->stream = {made, {calls_.dnnl_stream_destroy}};

    struct Part {
        const OnednnOperand& operand;
        std::int64_t rows;
        std::int64_t columns;
        int place;
    };
    const std::array<Part, 3> parts = {Part{product.a, product.m, product.k, place_of_source},
                                       Part{product.b, product.k, product.n, place_of_weights},
                                       Part{product.c, product.m, product.n, place_of_destination}};
    std::array<Owned, 3> descriptions;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto& [operand, rows, columns, place] = parts[i];
        const std::array<std::int64_t, most_dimensions> sizes = {product.batch, rows, columns};
        const std::array<std::int64_t, most_dimensions> strides = {operand.matrix_stride, operand.row_stride,
                                                                   operand.column_stride};
        constexpr int dimensions = 3;
        PASSBENCH_CHECK(check(calls_.dnnl_memory_desc_create_with_strides(
                                  &made, dimensions, sizes.data(), static_cast<int>(operand.type), strides.data()),
                              "describe a matrix"));
        descriptions[i] = {made, {calls_.dnnl_memory_desc_destroy}};
        // oneDNN has one type for what it reads and what it writes.
        PASSBENCH_CHECK(check(calls_.dnnl_memory_create(&made, descriptions[i].get(), state->engine.get(),
                                                        const_cast<void*>(operand.data)),
                              "take a matrix"));
        state->memories[i] = {made, {calls_.dnnl_memory_destroy}};
        state->arguments[i] = {.place = place, .memory = made};
    }
    PASSBENCH_CHECK(
        check(calls_.dnnl_matmul_primitive_desc_create(&made, state->engine.get(), descriptions[0].get(),
                                                       descriptions[1].get(), nullptr, descriptions[2].get(), nullptr),
              "multiply such matrices"));
    const Owned description(made, {calls_.dnnl_primitive_desc_destroy});
    PASSBENCH_CHECK(check(calls_.dnnl_primitive_create(&made, description.get()), "multiply such matrices"));
    state->primitive = {made, {calls_.dnnl_primitive_destroy}};
    return OnednnMatmul(std::move(state));
}

}  // namespace passbench
