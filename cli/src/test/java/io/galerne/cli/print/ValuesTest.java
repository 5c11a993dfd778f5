package io.galerne.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null                                     | ''",
        "'text'                                   | text",
        "12345678901234567890                     | 12345678901234567890",
        "[1,{'a':2}]                              | [1,{'a':2}]",
        "{'a':'x','b':1,'c':null}                 | a=x b=1 c=null",
        "{'a':'two words','b':{'c':[1]}}          | a='two words' b={'c':[1]}",
        "{'text':'written so far','tokens':3}     | written so far",
        "{'progress_idx':1,'progress_total':4}    | █░░░ 1/4",
        "{'progress_idx':9,'progress_total':4}    | ████ 9/4",
        "{'progress_idx':50,'progress_total':100} | ████░░░░ 50/100",
        "{'progress_idx':0,'progress_total':0}    | ░ 0/0",
        "{'progress_idx':1e9999999999}            | progress_idx=1e9999999999",
      },
      quoteCharacter = '`')
  void summarises(String json, String summary) {
    String expected = summary.equals("''") ? "" : summary.replace('\'', '"');
    assertThat(new Values(true).summary(ExactTree.of(Json.of(json.replace('\'', '"')))))
        .isEqualTo(expected);
  }
}
