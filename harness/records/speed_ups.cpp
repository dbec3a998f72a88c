#include "harness/records/speed_ups.hpp"

#include "harness/records/stats_codec.hpp"

namespace passbench::codec {

Json encode(const SpeedUp& speed_up) {
    Json json = {{"case", speed_up.case_name},
                 {"arm", speed_up.arm},
                 {"cpu_cases", speed_up.cpu_cases},
                 {"blocks", speed_up.blocks},
                 {"numbers", Json::array()}};
    put_unless_empty(json, "cpu_case", speed_up.cpu_case);
    for (const FitNumber& number : speed_up.numbers) json["numbers"].push_back(encode(number));
    put_unless_empty(json, "why", speed_up.why);
    return json;
}

SpeedUp decode_speed_up(const Place& place) {
    SpeedUp speed_up;
    speed_up.case_name = place.nonempty_text("case");
    speed_up.arm = place.nonempty_text("arm");
    speed_up.cpu_case = place.text_or_empty("cpu_case");
    speed_up.cpu_cases = place.small("cpu_cases");
    speed_up.blocks = place.small("blocks");
    place.each("numbers", max_entries,
               [&](const Place& number) { speed_up.numbers.push_back(decode_fit_number(number)); });
    speed_up.why = place.text_or_empty("why");
    return speed_up;
}

}  // namespace passbench::codec
