#include "harness/core/quantile_functions.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace passbench {
namespace {

struct Known {
    double p;
    double degrees;
    double value;
};

// scipy 1.17.1: scipy.stats.norm.ppf(p)
TEST(NormalQuantile, EqualsScipy) {
    const Known known[] = {{0.5, 0, 0.0},
                           {0.8, 0, 0.8416212335729143},
                           {0.9, 0, 1.2815515655446004},
                           {0.975, 0, 1.959963984540054},
                           {0.99, 0, 2.3263478740408408},
                           {0.999, 0, 3.090232306167813},
                           {1 - 0.05 / 6, 0, 2.3939797998185104},
                           {1e-10, 0, -6.361340902404056},
                           {1e-15, 0, -7.941345326170997},
                           {0.3, 0, -0.5244005127080409}};
    for (const Known& row : known)
        EXPECT_NEAR(normal_quantile(row.p), row.value, 1e-14 * (1 + std::fabs(row.value))) << row.p;
}

// scipy 1.17.1: scipy.stats.t.ppf(p, degrees)
TEST(StudentTQuantile, EqualsScipy) {
    const Known known[] = {{0.975, 1, 12.706204736174694},    {0.975, 2, 4.302652729749462},
                           {0.975, 7, 2.364624251592784},     {0.8, 7, 0.8960296443137653},
                           {0.975, 23, 2.0686576104190486},   {1 - 0.05 / 6 / 2, 23, 2.8862637830359623},
                           {0.99999, 5, 15.546854534969158},  {0.6, 3.5, 0.27326545405577973},
                           {0.975, 1000, 1.9623390808264083}, {0.05, 11, -1.795884818704044}};
    for (const Known& row : known) {
        EXPECT_NEAR(student_t_quantile(row.p, row.degrees), row.value, 1e-11 * std::fabs(row.value))
            << row.p << " " << row.degrees;
    }
}

TEST(StudentTQuantile, IsCauchysForOneDegree) {
    for (const double p : {0.001, 0.1, 0.49, 0.51, 0.7, 0.9999}) {
        const double exact = std::tan(3.14159265358979323846 * (p - 0.5));
        EXPECT_NEAR(student_t_quantile(p, 1), exact, 1e-10 * std::fabs(exact)) << p;
    }
}

TEST(StudentTQuantile, GoesToTheNormalOne) { EXPECT_NEAR(student_t_quantile(0.9, 1e7), normal_quantile(0.9), 1e-6); }

TEST(Quantiles, AreNoNumberWhereNoneExists) {
    for (const double p : {0.0, 1.0, -0.1, 1.1, std::nan("")}) {
        EXPECT_TRUE(std::isnan(normal_quantile(p))) << p;
        EXPECT_TRUE(std::isnan(student_t_quantile(p, 5))) << p;
    }
    EXPECT_TRUE(std::isnan(student_t_quantile(0.9, 0)));
    EXPECT_EQ(student_t_quantile(0.5, 3), 0);
}

}  // namespace
}  // namespace passbench
