// A device's UUID as NVIDIA's programs write it.
#pragma once

#include <cuda.h>
#include <string>

namespace passbench {

/// "GPU-8a1b2c3d-....-....-....-............"
[[nodiscard]] std::string uuid_text(const CUuuid& uuid);

}  // namespace passbench
