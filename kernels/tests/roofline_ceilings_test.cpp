// What the limit of roofline is computed from, on the stand-in driver: no card is here, and no limit is told of a simulated one.
#include "kernels/cuda/roofline_ceilings.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "kernels/cpu/roofline_inputs.hpp"
#include "kernels/cuda/cuda_instance.hpp"

namespace passbench {
namespace {

TEST(RooflineCeilings, CountWhatTheLaunchesReallyDo) {
    auto session = GpuSession::open({.library = PASSBENCH_STAND_IN, .seed = 1});
    ASSERT_TRUE(session) << to_text(session.error());
    const Gpu& gpu = *session->gpu;
    const auto kernel = RooflineKernel::load(gpu);
    ASSERT_TRUE(kernel);
    constexpr std::size_t chunks = 40;  // more than the launches of arithmetic have blocks
    const std::vector<float> ones(chunks * roofline_chunk, 1.0F);
    auto x = gpu.allocate(ones.size() * sizeof(float));
    ASSERT_TRUE(x);
    ASSERT_TRUE(gpu.upload(*x, std::as_bytes(std::span(ones))));

    const auto few = measure_roofline_ceilings(gpu, session->stream, *kernel, *x, 1);
    const auto many = measure_roofline_ceilings(gpu, session->stream, *kernel, *x, 4);
    ASSERT_TRUE(few && many);
    EXPECT_GT(few->bytes_a_second, 0);
    // The virtual time of a launch is that of its threads, whatever they do: four times the operations in the same time.
    EXPECT_NEAR(many->flops / few->flops, 4, 0.4);
    // 40 blocks read 40 chunks in the time that 32 blocks need for arithmetic, and a little more.
    const double floats_a_second = few->bytes_a_second / sizeof(float);
    EXPECT_NEAR(floats_a_second / (few->flops / 2), 1, 0.3);
}

}  // namespace
}  // namespace passbench
