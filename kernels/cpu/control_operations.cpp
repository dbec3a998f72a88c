#include "kernels/cpu/control_operations.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/core/units.hpp"

namespace passbench {

namespace {

constexpr std::size_t huge_page_bytes = std::size_t{2} << 20;

// Not mlock and munlock: the address sanitizer makes nothing of those, and what is timed here is the system.
long lock_pages(void* memory, std::size_t size_bytes) { return syscall(SYS_mlock, memory, size_bytes); }
long unlock_pages(void* memory, std::size_t size_bytes) { return syscall(SYS_munlock, memory, size_bytes); }

/// Whether the system has given all pages of it.
bool is_resident(const std::byte* memory, std::size_t size_bytes) {
    const auto begin = reinterpret_cast<std::uintptr_t>(memory) / page_bytes * page_bytes;
    const std::size_t pages =
        (reinterpret_cast<std::uintptr_t>(memory) + size_bytes - begin + page_bytes - 1) / page_bytes;
    std::vector<unsigned char> present(pages);
    if (mincore(reinterpret_cast<void*>(begin), pages * page_bytes, present.data()) != 0) return false;
    return std::ranges::all_of(present, [](unsigned char page) { return (page & 1U) != 0; });
}

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

    int give_back() override { return munmap(mapping_, mapping_bytes_) == 0 ? 0 : errno; }

protected:
    int map() {
        mapping_ = mmap(nullptr, mapping_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (mapping_ == MAP_FAILED) return errno;
        memory_ = static_cast<std::byte*>(mapping_);
        if (pages_ == Pages::small) {
            madvise(memory_, size_bytes_, MADV_NOHUGEPAGE);
            return 0;
        }
        const auto address = reinterpret_cast<std::uintptr_t>(mapping_);
        memory_ += (huge_page_bytes - address % huge_page_bytes) % huge_page_bytes;
        madvise(memory_, size_bytes_, MADV_HUGEPAGE);  // without huge pages it works as well, only slower
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
        if (lock_pages(memory_, size_bytes_) == 0) return 0;
        const int refused = errno;
        give_back();
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
    int take() override { return lock_pages(memory_, size_bytes_) == 0 ? 0 : errno; }
    int give_back() override { return unlock_pages(memory_, size_bytes_) == 0 ? 0 : errno; }
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
        state_.wait(State::beginning, std::memory_order_acquire);
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
        state_.wait(State::proving, std::memory_order_acquire);
    }
    [[nodiscard]] std::string_view thing() const override { return "a new thread"; }

private:
    enum class State : int { beginning, ready, proving, ending };

    void tell(State state) {
        state_.store(state, std::memory_order_release);
        state_.notify_one();
    }
    void serve() {
        tell(State::ready);
        while (true) {
            state_.wait(State::ready, std::memory_order_acquire);
            if (state_.load(std::memory_order_acquire) == State::ending) return;
            inputs_->fill(words_, 0);
            tell(State::ready);
        }
    }

    std::atomic<State> state_ = State::ready;
    std::thread thread_;
    const ControlPathInputs* inputs_ = nullptr;
    std::span<std::uint64_t> words_;
};

/// A library that every Linux system with glibc has, and that nothing here uses. It is loaded until one of its functions is known.
class LoadLibrary final : public CpuOperation {
public:
    static constexpr const char* name = "libresolv.so.2";

    int take() override {
        library_ = dlopen(name, RTLD_NOW | RTLD_LOCAL);
        if (library_ == nullptr) return ENOENT;
        function_ = dlsym(library_, "ns_parse_ttl");
        return function_ == nullptr ? ENOENT : 0;
    }
    int give_back() override { return dlclose(library_) == 0 ? 0 : EBUSY; }

    /// The pattern only where the function is in the library.
    void prove(const ControlPathInputs& inputs, std::span<std::uint64_t> words) override {
        Dl_info place = {};
        if (dladdr(function_, &place) == 0 || std::strstr(place.dli_fname, "libresolv") == nullptr) return;
        inputs.fill(words, 0);
    }
    [[nodiscard]] std::string_view thing() const override { return "a new library"; }

    [[nodiscard]] static bool is_loaded() {
        void* const already = dlopen(name, RTLD_NOW | RTLD_NOLOAD);
        if (already != nullptr) dlclose(already);
        return already != nullptr;
    }

private:
    void* library_ = nullptr;
    void* function_ = nullptr;
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
    rlimit allowed = {};
    getrlimit(RLIMIT_MEMLOCK, &allowed);
    return unsupported(
        fmt::format(
            "this process may not lock {} of memory ({}); its limit is {}",
            format_bytes(static_cast<std::int64_t>(size_bytes)), std::strerror(locked),
            allowed.rlim_cur == RLIM_INFINITY ? "none" : format_bytes(static_cast<std::int64_t>(allowed.rlim_cur))),
        "Raise it (ulimit -l, or memlock in /etc/security/limits.conf), or take a smaller `bytes`.");
}

}  // namespace

Result<std::unique_ptr<CpuOperation>> make_cpu_operation(std::string_view op, std::size_t size_bytes, Pages pages) {
    if (op == "context") return std::make_unique<MakeThread>();
    if (op == "module") {
        if (LoadLibrary::is_loaded()) {
            return unsupported(
                fmt::format("{} is in use in this process, so loading it would load nothing", LoadLibrary::name),
                "Leave the cpu form of op = module out of the scenario.");
        }
        LoadLibrary library;
        const bool is_there = library.take() == 0;
        if (is_there) library.give_back();
        if (!is_there || LoadLibrary::is_loaded()) {
            return unsupported(fmt::format("{} cannot be loaded here and given back", LoadLibrary::name),
                               "Leave the cpu form of op = module out of the scenario.");
        }
        return std::make_unique<LoadLibrary>();
    }
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
