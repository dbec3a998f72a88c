"""Makes the stored reference values of harness/stats with scipy, which shares no code with it (R16.3).

Renew with `python make_reference.py` in an environment that has scipy 1.17; the files are written beside this script.
"""

import itertools
import json
import pathlib

import numpy
import scipy
from scipy import optimize, stats

HERE = pathlib.Path(__file__).parent
ORIGIN = f"make_reference.py, scipy {scipy.__version__}, numpy {numpy.__version__}"


def write(name, content):
    document = {"origin": f"{ORIGIN}: {content.pop('how')}", **content}
    (HERE / name).write_text(json.dumps(document, indent=1) + "\n")


def quantile_ranks(n, p, confidence):
    """Which of the values 1..n scipy's quantile_test takes as ends; 0 where it has none (it answers NaN)."""
    interval = stats.quantile_test(numpy.arange(1, n + 1), q=0, p=p).confidence_interval(confidence)
    return [0 if numpy.isnan(end) else int(end) for end in (interval.low, interval.high)]


def order_statistics():
    cases = []
    for p, confidence in itertools.product((0.1, 0.5, 0.9, 0.99), (0.8, 0.95, 0.99)):
        for n in (1, 2, 5, 6, 7, 8, 9, 15, 24, 36, 100, 367, 368, 1000, 5000):
            lower, upper = quantile_ranks(n, p, confidence)
            case = {"n": n, "p": p, "confidence": confidence, "lower": lower, "upper": upper}
            if lower and upper:
                case["coverage"] = stats.binom.cdf(upper - 1, n, p) - stats.binom.cdf(lower - 1, n, p)
            cases.append(case)
    write(
        "order_statistic.json",
        {"how": "ranks by quantile_test(...).confidence_interval, coverage by binom.cdf", "cases": cases},
    )


def signed_rank_tail(n, w):
    """P(W <= w) as the p-value of differences whose positive ranks sum up to w."""
    remaining, signs = w, []
    for rank in range(n, 0, -1):
        positive = rank <= remaining
        remaining -= rank if positive else 0
        signs.append(rank if positive else -rank)
    return stats.wilcoxon(signs, alternative="less", method="exact").pvalue


def samples_with(n, m, u):
    """Samples of n and m values with U = u: of the n values each stands above some of the m."""
    above = []
    for _ in range(n):
        above.append(min(m, u - sum(above)))
    return [count + 0.5 + 0.001 * index for index, count in enumerate(above)], [float(v) for v in range(1, m + 1)]


def mann_whitney_tail(n, m, u):
    answer = stats.mannwhitneyu(*samples_with(n, m, u), alternative="less", method="exact")
    assert answer.statistic == u, (n, m, u, answer)
    return answer.pvalue


def rank_of_tail(probability_up_to, limit):
    k = 0
    while probability_up_to(k) <= limit:
        k += 1
    return k, probability_up_to(k - 1) if k else 0.0


def rank_distributions():
    signed, mann_whitney = [], []
    for n, alpha in itertools.product((1, 2, 5, 6, 7, 8, 10, 12, 16, 24, 40), (0.2, 0.05, 0.05 / 3, 0.05 / 30)):
        k, probability = rank_of_tail(lambda w, n=n: signed_rank_tail(n, w), alpha / 2)
        signed.append({"n": n, "tail": alpha / 2, "k": k, "probability": probability})
    for (n, m), alpha in itertools.product(
        ((1, 2), (3, 4), (4, 4), (5, 9), (6, 6), (8, 8), (9, 24), (24, 24), (1, 60), (40, 30)), (0.2, 0.05, 0.05 / 30)
    ):
        k, probability = rank_of_tail(lambda u, n=n, m=m: mann_whitney_tail(n, m, u), alpha / 2)
        mann_whitney.append({"n": n, "m": m, "tail": alpha / 2, "k": k, "probability": probability})
    # Two large ones, at a stated u rather than searched for.
    for n, m, u in ((100, 100, 4190), (20, 500, 3700)):
        probability = mann_whitney_tail(n, m, u)
        mann_whitney.append({"n": n, "m": m, "tail": probability * (1 + 1e-9), "k": u + 1, "probability": probability})
    write(
        "rank_distribution.json",
        {
            "how": "k = #{w : P(W <= w) <= tail} from exact p-values of wilcoxon and mannwhitneyu, alternative 'less'",
            "signed_rank": signed,
            "mann_whitney": mann_whitney,
        },
    )


def estimates():
    """Estimates by their definition in numpy; the ends are where scipy's exact test stops to reject (checked here)."""
    random = numpy.random.default_rng(20260115)
    paired, unpaired = [], []
    for n in (6, 7, 8, 12, 16, 24):
        for values in (random.normal(0.01, 0.02, n), random.exponential(0.03, n), random.standard_t(2, n)):
            averages = numpy.sort([(values[i] + values[j]) / 2 for i in range(n) for j in range(i, n)])
            k, _ = rank_of_tail(lambda w, n=n: signed_rank_tail(n, w), 0.025)
            lo, hi = averages[k - 1], averages[-k]
            for end, step in ((lo, -1e-9), (hi, 1e-9)):
                outside = stats.wilcoxon(values - (end + step), method="exact").pvalue
                inside = stats.wilcoxon(values - (end - step), method="exact").pvalue
                assert outside <= 0.05 < inside, (n, outside, inside)
            paired.append({"d": values.tolist(), "value": float(numpy.median(averages)), "lo": lo, "hi": hi})
    for n, m in ((4, 4), (6, 6), (8, 5), (12, 20), (24, 24)):
        for scale in (random.normal, random.laplace):
            x, y = scale(0.0, 0.02, n), scale(0.015, 0.03, m)
            differences = numpy.sort([b - a for a in x for b in y])
            k, _ = rank_of_tail(lambda u, n=n, m=m: mann_whitney_tail(n, m, u), 0.025)
            lo, hi = differences[k - 1], differences[-k]
            for end, step in ((lo, -1e-9), (hi, 1e-9)):
                outside = stats.mannwhitneyu(x, y - (end + step), method="exact").pvalue
                inside = stats.mannwhitneyu(x, y - (end - step), method="exact").pvalue
                assert outside <= 0.05 < inside, (n, m, outside, inside)
            value = float(numpy.median(differences))
            unpaired.append({"x": x.tolist(), "y": y.tolist(), "value": value, "lo": lo, "hi": hi})
    write(
        "hodges_lehmann.json",
        {
            "how": "estimates by numpy from all pairs; each end verified as the point where the exact test of scipy "
            "stops to reject at 5 %",
            "paired": paired,
            "unpaired": unpaired,
        },
    )


def least_log_line(x, t):
    """The line through two of the points with the least sum of |ln(t / line)|; none is better (checked here)."""

    def total(a, b):
        heights = a + b * x
        return float(numpy.abs(numpy.log(t / heights)).sum()) if (heights > 0).all() else numpy.inf

    lines = []
    for i, j in itertools.combinations(range(len(x)), 2):
        slope, intercept = numpy.linalg.solve([[x[i], 1], [x[j], 1]], [t[i], t[j]])
        lines.append((total(intercept, slope), intercept, slope))
    least, intercept, slope = min(lines)
    # The line's heights at its ends, in units of what was found: numbers near one, for the search.
    first, last = intercept + slope * x[0], intercept + slope * x[-1]

    def at_ends(ends):
        slope = (ends[1] * last - ends[0] * first) / (x[-1] - x[0])
        return total(ends[0] * first - slope * x[0], slope)

    for start in itertools.product((0.9, 1.0, 1.1), repeat=2):
        found = optimize.minimize(at_ends, start, method="Nelder-Mead", options={"xatol": 1e-12, "fatol": 1e-12})
        assert found.fun > least - 1e-9, (found.fun, least)
    return float(intercept), float(slope), least


def lines():
    random = numpy.random.default_rng(20260115)
    cases = []
    for sizes in ([2.0**k for k in range(2, 31)], [2.0**k for k in range(12, 31, 6)], [1.0, 2, 7, 64, 300, 1024]):
        x = numpy.array(sizes)
        for alpha, rate, noise in ((10e3, 12.0, 0.01), (55e3, 26.0, 0.2), (300.0, 0.5, 0.05)):
            t = (alpha + x / rate) * numpy.exp(random.normal(0, noise, len(x)))
            high, low = t.copy(), t.copy()
            high[len(x) // 2] *= 5
            low[-1] /= 5
            for times in (t, high, low):
                intercept, slope, total = least_log_line(x, times)
                cases.append(
                    {"x": x.tolist(), "t": times.tolist(), "intercept": intercept, "slope": slope, "sum": total}
                )
    write(
        "line.json",
        {
            "how": "the best of all lines through two points by numpy; optimize.minimize finds no better one",
            "lines": cases,
        },
    )


def power():
    cases = []
    for blocks, sd, alpha in itertools.product((6, 8, 24, 100), (0.005, 0.02), (0.05, 0.05 / 3, 0.05 / 30)):
        t = stats.t(blocks - 1)
        mde = (t.ppf(1 - alpha / 2) + t.ppf(0.8)) * sd / blocks**0.5 * (numpy.pi / 3) ** 0.5
        cases.append({"blocks": blocks, "sd": sd, "alpha": alpha, "mde": mde})
    write("power.json", {"how": "R11.1 with stats.t.ppf", "paired": cases})


if __name__ == "__main__":
    order_statistics()
    rank_distributions()
    estimates()
    lines()
    power()
