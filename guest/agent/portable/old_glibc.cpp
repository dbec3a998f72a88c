// What libstdc++ and libgcc of a newer system ask of their C library and an older one (Debian 11's 2.31, against which the agent
// is linked, see cmake/PassbenchPortable.cmake) does not have. Hidden, so that libraries loaded later find the guest's own.
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sys/random.h>

#define PASSBENCH_HIDDEN [[gnu::visibility("hidden")]]

// glibc 2.29 gave these functions a second version, which differs only in how errors are told to matherr. The linker sends every
// call here (--wrap).
#define PASSBENCH_FIRST_VERSION(name, parameters, ...)                                                                \
    extern "C" double passbench_first_##name parameters noexcept;                                                     \
    __asm__(".symver passbench_first_" #name ", " #name "@GLIBC_2.2.5");                                              \
    extern "C" PASSBENCH_HIDDEN double __wrap_##name parameters noexcept { /* NOLINT(bugprone-reserved-identifier) */ \
        return passbench_first_##name(__VA_ARGS__);                                                                   \
    }
PASSBENCH_FIRST_VERSION(exp, (double x), x)
PASSBENCH_FIRST_VERSION(exp2, (double x), x)
PASSBENCH_FIRST_VERSION(log, (double x), x)
PASSBENCH_FIRST_VERSION(log2, (double x), x)
PASSBENCH_FIRST_VERSION(pow, (double x, double y), x, y)

// Since glibc 2.38 these are the names behind strtol and its kin, which then read 0b1 as well. Not by calling strtol: its header would
// lead back here.
#define PASSBENCH_PLAIN_NUMBER(type, name)                                                                           \
    extern "C" type passbench_plain_##name(const char* text, char** end, int base) noexcept;                         \
    __asm__(".symver passbench_plain_" #name ", " #name "@GLIBC_2.2.5");                                             \
    extern "C" PASSBENCH_HIDDEN type __isoc23_##name(const char* text, char** end, int base) noexcept { /* NOLINT */ \
        return passbench_plain_##name(text, end, base);                                                              \
    }
PASSBENCH_PLAIN_NUMBER(long, strtol)
PASSBENCH_PLAIN_NUMBER(long long, strtoll)
PASSBENCH_PLAIN_NUMBER(unsigned long, strtoul)
PASSBENCH_PLAIN_NUMBER(unsigned long long, strtoull)

/// Since glibc 2.32: whether the process never had a second thread. "No" is always right, and costs an atomic instruction
/// where a shared_ptr is copied.
extern "C" {
PASSBENCH_HIDDEN char __libc_single_threaded = 0;  // NOLINT: the name is glibc's
}

/// Since glibc 2.36; std::random_device falls back on it.
extern "C" PASSBENCH_HIDDEN std::uint32_t arc4random() noexcept {
    std::uint32_t value = 0;
    auto* const bytes = reinterpret_cast<unsigned char*>(&value);
    for (std::size_t have = 0; have < sizeof value;) {
        const ssize_t got = getrandom(bytes + have, sizeof value - have, 0);
        if (got < 0 && errno != EINTR) std::abort();  // as glibc does: there is no error to return
        if (got > 0) have += static_cast<std::size_t>(got);
    }
    return value;
}

namespace {

struct Search {
    std::uintptr_t address;
    dl_find_object* found;
};

int look_at(dl_phdr_info* object, std::size_t /*size*/, void* state) {
    auto& search = *static_cast<Search*>(state);
    *search.found = {};
    const ElfW(Phdr)* const end = object->dlpi_phdr + object->dlpi_phnum;
    bool here = false;
    for (const ElfW(Phdr)* segment = object->dlpi_phdr; segment != end; ++segment) {
        const std::uintptr_t begin = object->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_LOAD && search.address - begin < segment->p_memsz) {
            search.found->dlfo_map_start = reinterpret_cast<void*>(begin);
            search.found->dlfo_map_end = reinterpret_cast<void*>(begin + segment->p_memsz);
            here = true;
        }
        if (segment->p_type == PT_GNU_EH_FRAME) search.found->dlfo_eh_frame = reinterpret_cast<void*>(begin);
    }
    return here && search.found->dlfo_eh_frame != nullptr ? 1 : 0;
}

}  // namespace

/// Since glibc 2.35: libgcc's unwinder asks it, at each frame of an exception, where the unwind table is. Returns 0 where it is
/// found, -1 otherwise.
extern "C" PASSBENCH_HIDDEN int _dl_find_object(void* address, dl_find_object* found) noexcept {  // NOLINT
    Search search{.address = reinterpret_cast<std::uintptr_t>(address), .found = found};
    return dl_iterate_phdr(&look_at, &search) == 1 ? 0 : -1;
}
