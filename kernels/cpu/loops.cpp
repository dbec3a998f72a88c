#include "kernels/cpu/loops.hpp"

namespace passbench {

const LoopTable& loops_of(Isa isa) {
    switch (isa) {
        case Isa::sse2:
            return loops_sse2;
        case Isa::avx2:
            return loops_avx2;
        case Isa::avx512:
            break;
    }
    return loops_avx512;
}

}  // namespace passbench
