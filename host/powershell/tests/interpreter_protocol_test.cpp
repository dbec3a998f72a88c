// What lines mean, without a process.
#include "host/powershell/interpreter_protocol.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passbench {
namespace {

using testing::HasSubstr;

TEST(RequestLine, IsOneLineOfAsciiWhateverItCarries) {
    const std::string line = *request_line(7, "Start-It", "{ \"vm\": \"\u00fc\\n\\\"\\r\u2028\" }");
    EXPECT_EQ(line, "{\"arguments\":{\"vm\":\"\\u00fc\\n\\\"\\r\\u2028\"},\"function\":\"Start-It\",\"id\":7}\n");
}

TEST(OwnDocument, IsWhatFollowsTheSentinelAtTheBeginningOfALine) {
    EXPECT_EQ(own_document("##passbench {}\r"), "{}");
    EXPECT_EQ(own_document("\xEF\xBB\xBF##passbench {}"), "{}");
    EXPECT_FALSE(own_document(" ##passbench {}"));
    EXPECT_FALSE(own_document("##passbench"));
    EXPECT_FALSE(own_document(""));
}

TEST(Reply, HasAValueOrAnError) {
    EXPECT_EQ(reply_from_json(R"({"id":1,"ok":true,"value":{"b":1,"a":[null]}})")->value, R"({"a":[null],"b":1})");
    const auto failed = reply_from_json(R"({"id":1,"ok":false,"error":{"message":"m","id":"i"}})");
    ASSERT_TRUE(failed && failed->error);
    EXPECT_EQ(failed->error->message, "m");
    EXPECT_EQ(failed->error->id, "i");
    EXPECT_EQ(failed->error->hresult, "");
    for (const char* bad : {"", "[]", "{}", R"({"id":1})", R"({"id":1,"ok":true})", R"({"id":1,"ok":false})",
                            R"({"id":"1","ok":true,"value":1})", R"({"id":1,"ok":false,"error":"m"})",
                            R"({"id":-1,"ok":true,"value":1})", R"({"id":1,"ok":true,"value":1} x)"}) {
        const auto reply = reply_from_json(bad);
        ASSERT_FALSE(reply) << bad;
        EXPECT_EQ(reply.error().finding, "host.interpreter_garbled") << bad;
    }
}

TEST(ErrorTexts, AreThoseOfClixmlAndPlainTextAsItIs) {
    EXPECT_EQ(error_texts("  plain words\r\n"), "plain words");
    EXPECT_EQ(error_texts("first\n#< CLIXML\r\n<Objs><S S=\"Error\">a &quot;b&quot; &amp;lt;_x000A_</S>"
                          "<S S=\"warning\">w</S><S S=\"Error\">c_x0041_ _x263A_ _xZZZZ_"),
              "first\na \"b\" &lt;\ncA _x263A_ _xZZZZ_");
    EXPECT_EQ(error_texts("#< CLIXML"), "");
    EXPECT_EQ(error_texts(""), "");
}

}  // namespace
}  // namespace passbench
