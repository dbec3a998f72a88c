// What the tests of the stand-in driver share: a context with the tests' kernels for each test, and short ways to launch
// and copy. The programs are linked with the stand-in, so these are CUDA's own functions.
#pragma once

#include <array>
#include <cstdint>
#include <cuda.h>
#include <string>
#include <vector>
#include <vector_types.h>

#include <gtest/gtest.h>

#include "kernels/emulation/simulation.h"

namespace passbench {

#define PASSBENCH_CUDA_OK(call) ASSERT_EQ(call, CUDA_SUCCESS)

/// What the stand-in takes for a fatbin.
inline constexpr std::array<std::uint32_t, 4> fatbin_image = {0xba55ed50U, 0, 0, 0};

template <typename T>
class DeviceArray {
public:
    explicit DeviceArray(std::size_t count) : count_(count) { EXPECT_EQ(cuMemAlloc(&address_, bytes()), CUDA_SUCCESS); }
    explicit DeviceArray(const std::vector<T>& values) : DeviceArray(values.size()) { put(values); }
    ~DeviceArray() { cuMemFree(address_); }  // in a failed context the context frees it
    DeviceArray(const DeviceArray&) = delete;
    DeviceArray& operator=(const DeviceArray&) = delete;

    void put(const std::vector<T>& values) { EXPECT_EQ(cuMemcpyHtoD(address_, values.data(), bytes()), CUDA_SUCCESS); }
    [[nodiscard]] std::vector<T> get() const {
        std::vector<T> values(count_);
        EXPECT_EQ(cuMemcpyDtoH(values.data(), address_, bytes()), CUDA_SUCCESS);
        return values;
    }
    [[nodiscard]] CUdeviceptr& address() { return address_; }
    [[nodiscard]] std::size_t bytes() const { return count_ * sizeof(T); }

private:
    std::size_t count_;
    CUdeviceptr address_ = 0;
};

struct Shape {
    dim3 grid;
    dim3 block;
    unsigned shared_bytes = 0;
    CUstream stream = nullptr;
};

class StandIn : public testing::Test {
protected:
    void SetUp() override {
        passbench_simulate(1, 0, 0);
        PASSBENCH_CUDA_OK(cuInit(0));
        PASSBENCH_CUDA_OK(cuCtxCreate(&context_, nullptr, 0, 0));
        PASSBENCH_CUDA_OK(cuModuleLoadData(&module_, fatbin_image.data()));
    }
    void TearDown() override { EXPECT_EQ(cuCtxDestroy(context_), CUDA_SUCCESS); }

    [[nodiscard]] CUfunction kernel(const char* name) const {
        CUfunction function = nullptr;
        EXPECT_EQ(cuModuleGetFunction(&function, module_, name), CUDA_SUCCESS) << name;
        return function;
    }

    /// Launches with parameters of exactly the kernel's types.
    template <typename... Parameters>
    CUresult launch(const char* name, const Shape& shape, Parameters... parameters) const {
        std::array<void*, sizeof...(Parameters) + 1> pointers = {&parameters..., nullptr};
        return cuLaunchKernel(kernel(name), shape.grid.x, shape.grid.y, shape.grid.z, shape.block.x, shape.block.y,
                              shape.block.z, shape.shared_bytes, shape.stream, pointers.data(), nullptr);
    }

    CUcontext context_ = nullptr;
    CUmodule module_ = nullptr;
};

}  // namespace passbench
