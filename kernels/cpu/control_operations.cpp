#include "kernels/cpu/control_operations.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/core/address_wait.hpp"
#include "harness/core/units.hpp"

namespace passbench {

namespace {

/// Memory of which every page is there when take() returns.
class MemoryOperation : public CpuOperation {
public:
    void prove(const ControlPathInputs& inputs, std::span<std::uint64_t> words) override {
        if (!is_resident(memory_, size_bytes_)) return;  // `words` stay wrong
        auto* const pattern = reinterpret_cast<std::uint64_t*>(memory_);
        inputs.fill({pattern, words.size()}, 0);
        std::ranges::copy(std::span(pattern, words.size()), words.begin());
    }

protected:
    explicit MemoryOperation(std::size_t size_bytes) : size_bytes_(size_bytes) {}

    const std::size_t size_bytes_;
    std::byte* memory_ = nullptr;
};

/// Fresh pages: mapped, and touched or locked. A huge page has to begin at a multiple of its size, so there is room to align.
class Fresh : public MemoryOperation {
public:
    Fresh(std::size_t size_bytes, Pages pages)
        : MemoryOperation(size_bytes),
          mapping_bytes_(size_bytes + (pages == Pages::huge ? huge_page_bytes : 0)),
          pages_(pages) {}

    int give_back() override { return unmap_pages(mapping_, mapping_bytes_); }

protected:
    int map() {
        mapping_ = map_pages(mapping_bytes_);
        if (mapping_ == nullptr) return errno;
        memory_ = static_cast<std::byte*>(mapping_);
        if (pages_ != Pages::small) {
            const auto address = reinterpret_cast<std::uintptr_t>(mapping_);
            memory_ += (huge_page_bytes - address % huge_page_bytes) % huge_page_bytes;
        }
        prefer_pages(memory_, size_bytes_, pages_);
        return 0;
    }

private:
    const std::size_t mapping_bytes_;
    const Pages pages_;
    void* mapping_ = nullptr;
};

class Allocate final : public Fresh {
public:
    using Fresh::Fresh;
    int take() override {
        const int mapped = map();
        if (mapped == 0) touch(memory_, size_bytes_);
        return mapped;
    }
    [[nodiscard]] std::string_view thing() const override { return "fresh memory"; }
};

class Pinned final : public Fresh {
public:
    using Fresh::Fresh;
    int take() override {
        if (const int mapped = map(); mapped != 0) return mapped;
        const int refused = lock_pages(memory_, size_bytes_);
        if (refused != 0) give_back();
        return refused;
    }
    [[nodiscard]] std::string_view thing() const override { return "pinned memory"; }
};

class Pool final : public MemoryOperation {
public:
    explicit Pool(std::size_t size_bytes) : MemoryOperation(size_bytes) {}
    int take() override {
        memory_ = static_cast<std::byte*>(std::malloc(size_bytes_));
        if (memory_ == nullptr) return ENOMEM;
        touch(memory_, size_bytes_);
        return 0;
    }
    int give_back() override {
        std::free(memory_);
        return 0;
    }
    [[nodiscard]] std::string_view thing() const override { return "memory of malloc"; }
};

class Register final : public MemoryOperation {
public:
    explicit Register(Buffer buffer) : MemoryOperation(buffer.bytes().size()), buffer_(std::move(buffer)) {
        memory_ = buffer_.bytes().data();
        touch(memory_, size_bytes_);
    }
    int take() override { return lock_pages(memory_, size_bytes_); }
    int give_back() override { return unlock_pages(memory_, size_bytes_); }
    [[nodiscard]] std::string_view thing() const override { return "locked memory"; }

private:
    Buffer buffer_;
};

/// A thread that runs, and ends. What it proves it writes itself.
class MakeThread final : public CpuOperation {
public:
    int take() override {
        state_.store(State::beginning, std::memory_order_relaxed);
        try {
            thread_ = std::thread([this] { serve(); });
        } catch (const std::system_error& refused) {
            return refused.code().value();
        }
        wait_while(State::beginning);
        return 0;
    }
    int give_back() override {
        tell(State::ending);
        thread_.join();
        return 0;
    }
    void prove(const ControlPathInputs& inputs, std::span<std::uint64_t> words) override {
        inputs_ = &inputs;
        words_ = words;
        tell(State::proving);
        wait_while(State::proving);
    }
    [[nodiscard]] std::string_view thing() const override { return "a new thread"; }

private:
    struct State {
        static constexpr std::uint32_t beginning = 0;
        static constexpr std::uint32_t ready = 1;
        static constexpr std::uint32_t proving = 2;
        static constexpr std::uint32_t ending = 3;
    };

    void tell(std::uint32_t state) {
        state_.store(state, std::memory_order_release);
        wake_one(state_);
    }
    void wait_while(std::uint32_t state) const {
        while (state_.load(std::memory_order_acquire) == state) sleep_while(state_, state);
    }
    void serve() {
        tell(State::ready);
        while (true) {
            wait_while(State::ready);
            if (state_.load(std::memory_order_acquire) == State::ending) return;
            inputs_->fill(words_, 0);
            tell(State::ready);
        }
    }

    std::atomic<std::uint32_t> state_ = State::ready;
    std::thread thread_;
    const ControlPathInputs* inputs_ = nullptr;
    std::span<std::uint64_t> words_;
};

tl::unexpected<Error> unsupported(std::string what, std::string fix) {
    return fail({.code = ErrorCode::unsupported, .what = std::move(what), .fix = std::move(fix)});
}

/// Once before anything is timed: what this machine does not allow is no failure of it.
Result<void> try_locking(CpuOperation& operation, std::size_t size_bytes) {
    const int locked = operation.take();
    if (locked == 0) {
        operation.give_back();
        return {};
    }
    return unsupported(
        fmt::format("this process may not lock {} of memory ({}); its limit is {}",
                    format_bytes(static_cast<std::int64_t>(size_bytes)), std::strerror(locked), lock_limit()),
        "Raise it (ulimit -l, or memlock in /etc/security/limits.conf), or take a smaller `bytes`.");
}

}  // namespace

Result<std::unique_ptr<CpuOperation>> make_cpu_operation(std::string_view op, std::size_t size_bytes, Pages pages) {
    if (op == "context") return std::make_unique<MakeThread>();
    if (op == "module") return make_library_operation();
    if (op == "allocate") return std::make_unique<Allocate>(size_bytes, pages);
    if (op == "pool") return std::make_unique<Pool>(size_bytes);
    std::unique_ptr<CpuOperation> locking;
    if (op == "pinned") {
        locking = std::make_unique<Pinned>(size_bytes, pages);
    } else {
        PASSBENCH_TRY(Buffer buffer, Buffer::allocate(size_bytes));
        locking = std::make_unique<Register>(std::move(buffer));
    }
    PASSBENCH_CHECK(try_locking(*locking, size_bytes));
    return locking;
}

}  // namespace passbench
