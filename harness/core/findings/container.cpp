// Findings about a card within a container of a guest.
#include "harness/core/findings/rooms.hpp"

namespace passbench {

std::vector<Finding> container_findings() {
    constexpr bool no_device = true;
    return {
        {"container.cuda_requirement", "The image demands a newer CUDA version than the driver of the guest reports.",
         "Use an older image, or start the container with NVIDIA_DISABLE_REQUIRE=1 if the programs in it can do with "
         "this driver."},
        {"container.driver_in_image",
         "The image brings files of a Linux driver where the container's runtime has to put those of the host.",
         "Take libnvidia-ml.so.1 and libcuda.so.1 out of the image, or use one that was built without a driver."},
        {"container.dxg_not_mapped",
         "The guest has /dev/dxg and the container has not: the option --gpus brings it in for NVIDIA cards alone.",
         "Map /dev/dxg into the container as a device, as Intel's GPUs need it.", no_device},
        {"container.index_ignored",
         "Under GPU-PV and WSL2 a container gets all cards (--gpus all): a choice by index is ignored.",
         "Choose the card in the program, by its UUID in CUDA_VISIBLE_DEVICES."},
        {"container.no_adapter",
         "The container's runtime takes this for WSL and finds no adapter: the guest has no virtual GPU, or the "
         "runtime "
         "is too old.",
         "See that /dev/dxg is in the guest, then update NVIDIA's container toolkit.", no_device},
        {"container.no_dxcore", "The container's runtime does not find libdxcore.so where it looks for it.",
         "Bring the WSL libraries into the guest (/usr/lib/wsl/lib) and into the loader's path, then describe the "
         "devices "
         "again.",
         no_device},
        {"container.no_libcuda",
         "The libraries that the Windows host shares with its guests are not at /usr/lib/wsl/lib.",
         "Bring /usr/lib/wsl/lib back: `wsl --update` and `wsl --shutdown` under WSL2, copied again from the host "
         "elsewhere.",
         no_device},
    };
}

}  // namespace passbench
