// Quantiles of the distributions that planning and statistics need. Pure functions of their arguments; not for values that
// have to be the same to the last bit on every machine (they use the C library's logarithm and gamma function).
#pragma once

namespace passbench {

/// x with P(Z <= x) = p of the standard normal distribution; p in (0, 1), else not a number.
[[nodiscard]] double normal_quantile(double p);

/// x with P(T <= x) = p of Student's t distribution; p in (0, 1), degrees > 0, else not a number. Relative error below 1e-11.
[[nodiscard]] double student_t_quantile(double p, double degrees);

}  // namespace passbench
