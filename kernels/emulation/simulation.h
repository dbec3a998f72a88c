/* What the stand-in CUDA driver (libcuda.so.1 of kernels/emulation) exports beside CUDA's own functions. A program that
 * loads a driver looks for passbench_simulated by dlsym: where it is there, every number comes from a model, and everything
 * that is recorded must say so. Plain C that depends on nothing. */
#ifndef PASSBENCH_EMULATION_SIMULATION_H
#define PASSBENCH_EMULATION_SIMULATION_H

#include <stdint.h> /* NOLINT(modernize-deprecated-headers): this is C */

#ifdef __cplusplus
extern "C" {
#endif

#define PASSBENCH_SIMULATION_EXPORT __attribute__((visibility("default")))

/* "stand-in CUDA driver of passbench". */
extern PASSBENCH_SIMULATION_EXPORT const char passbench_simulated[];

/* The virtual steady clock of the host, in ns. Moves by what CUDA calls cost and by 20 ns with each reading, never by itself:
 * a loop that waits for a time ends, work of the CPU takes no time. */
PASSBENCH_SIMULATION_EXPORT int64_t passbench_virtual_ns(void);

/* Seeds the noise of all costs and plants overheads, as fractions: 0.03 makes all costs of the host (of the device) 3 % longer.
 * Call it before cuInit; a later call holds for what is enqueued from then on. Without it: seed 1, no overhead. */
PASSBENCH_SIMULATION_EXPORT void passbench_simulate(uint64_t seed, double inject_host, double inject_device);

/* What a management library sees of the device. */
struct PassbenchDeviceReport {
    uint64_t memory_bytes;
    uint64_t resident_bytes; /* allocated in this process, and in the device's own memory */
    uint64_t others_bytes;   /* used by others */
    uint64_t kernels;        /* that were begun in this process */
    uint64_t ecc_errors;     /* not corrected */
    double clock_mhz;        /* of the SMs at work, as it is now */
    double full_clock_mhz;
    int is_in_use; /* there is a context */
    int is_lost;
};

PASSBENCH_SIMULATION_EXPORT void passbench_device_report(struct PassbenchDeviceReport* report);

#ifdef __cplusplus
}
#endif

#endif
