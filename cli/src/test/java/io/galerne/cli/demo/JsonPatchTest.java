package io.galerne.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class JsonPatchTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':1}        | {'op':'add','path':'/b','value':2}          | {'a':1,'b':2}",
        "{'a':1}        | {'op':'replace','path':'/a','value':[]}     | {'a':[]}",
        "{'a':1}        | {'op':'remove','path':'/a','value':null}    | {}",
        "{'a':'x'}      | {'op':'append','path':'/a','value':'y'}     | {'a':'xy'}",
        "{}             | {'op':'append','path':'/a','value':'y'}     | {'a':'y'}",
        "{'a':{'b':1}}  | {'op':'replace','path':'/a/b','value':2}    | {'a':{'b':2}}",
        "{'a':[1,3]}    | {'op':'add','path':'/a/1','value':2}        | {'a':[1,2,3]}",
        "{'a':[1]}      | {'op':'add','path':'/a/-','value':2}        | {'a':[1,2]}",
        "{'a':[1]}      | {'op':'replace','path':'/a/0','value':2}    | {'a':[2]}",
        "{'a':['x']}    | {'op':'append','path':'/a/0','value':'y'}   | {'a':['xy']}",
        "{'a':[1]}      | {'op':'remove','path':'/a/0','value':null}  | {'a':[]}",
        "{'a':[{}]}     | {'op':'add','path':'/a/0/b','value':2}      | {'a':[{'b':2}]}",
        "{'a/b~':1}     | {'op':'replace','path':'/a~1b~0','value':2} | {'a/b~':2}",
        "{'a':1}        | {'op':'replace','path':'','value':{'b':2}}  | {'b':2}",
        "{'a':1}        | {'op':'add','path':'/','value':3}           | 3",
        "'text'         | {'op':'append','path':'[]','value':' more'} | 'text more'",
        "{'a':1}        | {'op':'remove','path':'','value':null}      | {}",
      })
  void followsTheOperations(String state, String operation, String expected) {
    assertThat(JsonPatch.apply(json(state), json("[" + operation + "]"))).isEqualTo(json(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':[1]} | {'op':'add','path':'/x/y','value':2}",
        "{'a':[1]} | {'op':'add','path':'/a/7','value':2}",
        "{'a':[1]} | {'op':'add','path':'/a/x','value':2}",
        "{'a':[1]} | {'op':'replace','path':'/a/1','value':2}",
        "{'a':[1]} | {'op':'remove','path':'/a/-','value':2}",
        "{'a':[1]} | {'op':'append','path':'/a/9','value':'x'}",
        "{'a':[1]} | {'op':'swap','path':'/a','value':2}",
        "{'a':[1]} | {'op':'swap','path':'','value':2}",
        "{'a':[1]} | {'path':'/a'}",
        "{'a':[1]} | {}",
        "{'a':[1]} | 7",
      })
  void passesOverWhatDoesNotFit(String state, String operation) {
    assertThat(JsonPatch.apply(json(state), json("[" + operation + "]"))).isEqualTo(json(state));
  }

  private static JsonNode json(String text) {
    return Json.parse(text.replace('\'', '"'));
  }
}
