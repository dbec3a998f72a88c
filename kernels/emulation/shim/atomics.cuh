// Atomic functions: relaxed, as CUDA's are; each returns what was there before. Blocks of a grid run on several threads of
// the machine, so they are real atomics.
#pragma once

#include <algorithm>
#include <atomic>
#include <type_traits>

namespace passbench::emulation {

template <typename T, typename Change>
T atomic_update(T* address, const Change& change) {
    std::atomic_ref<T> cell(*address);
    T before = cell.load(std::memory_order_relaxed);
    while (!cell.compare_exchange_weak(before, change(before), std::memory_order_relaxed)) {
    }
    return before;
}

}  // namespace passbench::emulation

// The second parameter does not take part in deduction: CUDA's own overloads convert it to the type of the cell.
template <typename T>
T atomicAdd(T* address, std::type_identity_t<T> value) {
    return std::atomic_ref<T>(*address).fetch_add(value, std::memory_order_relaxed);
}
template <typename T>
T atomicSub(T* address, std::type_identity_t<T> value) {
    return std::atomic_ref<T>(*address).fetch_sub(value, std::memory_order_relaxed);
}
template <typename T>
T atomicExch(T* address, std::type_identity_t<T> value) {
    return std::atomic_ref<T>(*address).exchange(value, std::memory_order_relaxed);
}
template <typename T>
T atomicMax(T* address, std::type_identity_t<T> value) {
    return passbench::emulation::atomic_update(address, [value](T before) { return std::max(before, value); });
}
template <typename T>
T atomicMin(T* address, std::type_identity_t<T> value) {
    return passbench::emulation::atomic_update(address, [value](T before) { return std::min(before, value); });
}
template <typename T>
T atomicAnd(T* address, std::type_identity_t<T> value) {
    return std::atomic_ref<T>(*address).fetch_and(value, std::memory_order_relaxed);
}
template <typename T>
T atomicOr(T* address, std::type_identity_t<T> value) {
    return std::atomic_ref<T>(*address).fetch_or(value, std::memory_order_relaxed);
}
template <typename T>
T atomicXor(T* address, std::type_identity_t<T> value) {
    return std::atomic_ref<T>(*address).fetch_xor(value, std::memory_order_relaxed);
}
template <typename T>
T atomicCAS(T* address, std::type_identity_t<T> expected, std::type_identity_t<T> value) {
    std::atomic_ref<T>(*address).compare_exchange_strong(expected, value, std::memory_order_relaxed);
    return expected;
}
inline unsigned atomicInc(unsigned* address, unsigned limit) {
    return passbench::emulation::atomic_update(address,
                                               [limit](unsigned before) { return before >= limit ? 0 : before + 1; });
}
inline unsigned atomicDec(unsigned* address, unsigned limit) {
    return passbench::emulation::atomic_update(
        address, [limit](unsigned before) { return before == 0 || before > limit ? limit : before - 1; });
}
