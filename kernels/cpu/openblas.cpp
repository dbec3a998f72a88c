#include "kernels/cpu/openblas.hpp"

#include <algorithm>
#include <string_view>

namespace passbench {

Result<std::shared_ptr<const Openblas>> Openblas::load() {
    PASSBENCH_TRY(const SharedLibrary library, SharedLibrary::load("OpenBLAS", "libscipy_openblas.so"));
    std::shared_ptr<Openblas> openblas(new Openblas());
#define PASSBENCH_FIND(function, ...)                                                              \
    if (const auto found = library.require<std::add_pointer_t<__VA_ARGS__>>("scipy_" #function)) { \
        openblas->calls_.function = *found;                                                        \
    } else {                                                                                       \
        return fail(found.error());                                                                \
    }
    PASSBENCH_OPENBLAS_CALLS(PASSBENCH_FIND)
#undef PASSBENCH_FIND
    return openblas;
}

// "OpenBLAS 0.3.34.0.0 DYNAMIC_ARCH NO_AFFINITY Haswell MAX_THREADS=64", of which the last numbers are SciPy's.
std::string Openblas::version() const {
    const std::string_view config = calls_.openblas_get_config();
    const std::string_view rest = config.substr(config.find(' ') + 1);
    constexpr int numbers = 3;
    std::size_t end = 0;
    for (int i = 0; i < numbers && end < rest.size(); ++i)
        end = std::min(rest.find_first_of(". ", end + 1), rest.size());
    return std::string(rest.substr(0, end));
}

}  // namespace passbench
