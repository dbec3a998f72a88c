#include "harness/core/quantile_functions.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace passbench {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

template <std::size_t size>
double polynomial(const std::array<double, size>& coefficients, double x) {
    double sum = 0;
    for (auto c = coefficients.rbegin(); c != coefficients.rend(); ++c) sum = sum * x + *c;
    return sum;
}

// Wichura (1988), Algorithm AS 241, PPND16: three rational approximations, each the numerator and the denominator.
constexpr std::array<double, 8> center_top = {
    3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
    4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3};
constexpr std::array<double, 8> center_bottom = {1.0,
                                                 4.2313330701600911252e+1,
                                                 6.8718700749205790830e+2,
                                                 5.3941960214247511077e+3,
                                                 2.1213794301586595867e+4,
                                                 3.9307895800092710610e+4,
                                                 2.8729085735721942674e+4,
                                                 5.2264952788528545610e+3};
constexpr std::array<double, 8> middle_top = {
    1.42343711074968357734e0, 4.63033784615654529590e0,  5.76949722146069140550e0,  3.64784832476320460504e0,
    1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr std::array<double, 8> middle_bottom = {1.0,
                                                 2.05319162663775882187e0,
                                                 1.67638483018380384940e0,
                                                 6.89767334985100004550e-1,
                                                 1.48103976427480074590e-1,
                                                 1.51986665636164571966e-2,
                                                 5.47593808499534494600e-4,
                                                 1.05075007164441684324e-9};
constexpr std::array<double, 8> tail_top = {
    6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,  2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr std::array<double, 8> tail_bottom = {1.0,
                                               5.99832206555887937690e-1,
                                               1.36929880922735805310e-1,
                                               1.48753612908506148525e-2,
                                               7.86869131145613259100e-4,
                                               1.84631831751005468180e-5,
                                               1.42151175831644588870e-7,
                                               2.04426310338993978564e-15};

/// The continued fraction of the incomplete beta function by Lentz's method (Abramowitz and Stegun 26.5.8).
double beta_fraction(double a, double b, double x) {
    constexpr double tiny = 1e-300;
    constexpr int most_terms = 10'000;
    const auto away_from_zero = [](double value) { return std::fabs(value) < tiny ? tiny : value; };
    double c = 1;
    double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
    double result = d;
    for (int i = 1; i <= most_terms; ++i) {
        const double m = i;
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        result *= c * d;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        result *= c * d;
        if (std::fabs(c * d - 1) < std::numeric_limits<double>::epsilon()) break;
    }
    return result;
}

/// The regularised incomplete beta function I_x(a, b); `y` = 1 - x, given apart so that neither loses digits.
double incomplete_beta(double a, double b, double x, double y) {
    const double log_front = std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log(y);
    // The fraction converges fast on one side of the mean only; the other follows by symmetry.
    if (x < (a + 1) / (a + b + 2)) return std::exp(log_front) * beta_fraction(a, b, x) / a;
    return 1 - std::exp(log_front) * beta_fraction(b, a, y) / b;
}

/// P(T > t) for t > 0.
double student_t_tail(double t, double degrees) {
    const double sum = degrees + t * t;
    return incomplete_beta(degrees / 2, 0.5, degrees / sum, t * t / sum) / 2;
}

}  // namespace

double normal_quantile(double p) {
    if (!(p > 0 && p < 1)) return not_a_number;
    const double q = p - 0.5;
    if (std::fabs(q) <= 0.425) {
        const double r = 0.180625 - q * q;
        return q * polynomial(center_top, r) / polynomial(center_bottom, r);
    }
    const double r = std::sqrt(-std::log(q < 0 ? p : 1 - p));
    const double x = r <= 5 ? polynomial(middle_top, r - 1.6) / polynomial(middle_bottom, r - 1.6)
                            : polynomial(tail_top, r - 5) / polynomial(tail_bottom, r - 5);
    return q < 0 ? -x : x;
}

double student_t_quantile(double p, double degrees) {
    if (!(p > 0 && p < 1) || !(degrees > 0)) return not_a_number;
    if (p == 0.5) return 0;
    const double tail = p < 0.5 ? p : 1 - p;
    double low = 0;
    double high = 1;
    while (student_t_tail(high, degrees) > tail && std::isfinite(high)) {
        low = high;
        high *= 2;
    }
    // The tail falls steadily: halve until the bounds are neighbours.
    for (double middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
        (student_t_tail(middle, degrees) > tail ? low : high) = middle;
    }
    return p < 0.5 ? -high : high;
}

}  // namespace passbench
