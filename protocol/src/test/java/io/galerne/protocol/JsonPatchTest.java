package io.galerne.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class JsonPatchTest {
  /// The cases of the json-patch project, except those with other operations, or with `/` as the
  /// member with the empty name, which is the root here.
  @ParameterizedTest
  @CsvFileSource(resources = "/json-patch.txt", delimiter = '\t', quoteCharacter = '`')
  void agreesWithTheOfficialCases(String document, String patch, String expected) {
    applies(document, patch, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':'x'}      | {'op':'append','path':'/a','value':'y'}       | {'a':'xy'}",
        "{'a':''}       | {'op':'append','path':'/a','value':''}        | {'a':''}",
        "{'a':['x']}    | {'op':'append','path':'/a/0','value':'y'}     | {'a':['xy']}",
        "{'a':{'b':'x'}}| {'op':'append','path':'/a/b','value':'é🌬️'}  | {'a':{'b':'xé🌬️'}}",
        "{'a/~':'x'}    | {'op':'append','path':'/a~1~0','value':'y'}   | {'a/~':'xy'}",
        "{'~1':1}       | {'op':'replace','path':'/~01','value':2}      | {'~1':2}",
        "'text'         | {'op':'append','path':'[]','value':' more'}   | 'text more'",
        "'text'         | {'op':'append','path':'','value':' more'}     | 'text more'",
        "'text'         | {'op':'append','path':'/','value':' more'}    | 'text more'",
        "'text'         | {'op':'append','path':[],'value':' more'}     | 'text more'",
        "{'a':1}        | {'op':'add','path':'/','value':3}             | 3",
        "{'a':1}        | {'op':'replace','path':[],'value':null}       | null",
        "{'a':{}}       | {'op':'add','path':'/a/','value':3}           | {'a':{'':3}}",
        "{'a':1}        | {'op':'remove','path':'/a','value':null}      | {}",
        "{'a':1}        | {'op':'append','path':'/a','value':'y'}       | error",
        "{'a':'x'}      | {'op':'append','path':'/a','value':1}         | error",
        "{'a':'x'}      | {'op':'append','path':'/a'}                   | error",
        "{}             | {'op':'append','path':'/a','value':'y'}       | error",
        "{'a':[]}       | {'op':'append','path':'/a/-','value':'y'}     | error",
        "{'a':'x'}      | {'op':'append','path':'/a/0','value':'y'}     | error",
        "{'a':1}        | {'op':'add','path':'a','value':2}             | error",
        "{'a':1}        | {'op':'add','path':'/a~2','value':2}          | error",
        "{'a':1}        | {'op':'add','path':['a'],'value':2}           | error",
        "{'a':1}        | {'op':'add','path':7,'value':2}               | error",
        "{'a':[1]}      | {'op':'add','path':'/a/99999999999','value':2}| error",
        "{'a':[1]}      | {'op':'remove','path':'/a/-','value':2}       | error",
        "{'a':1}        | {'op':'swap','path':'','value':2}             | error",
        "{'a':1}        | {'path':'/a','value':2}                       | error",
        "{'a':1}        | 7                                             | error",
      })
  void followsTheContractWhereItDiffersFromTheRfc(
      String document, String operation, String expected) {
    applies(
        document.replace('\'', '"'),
        "[" + operation.replace('\'', '"') + "]",
        expected.replace('\'', '"'));
  }

  @Test
  void aRemovedRootCanOnlyBeAdded() {
    JsonNode removed = JsonPatch.apply(tree("{}"), operations("[{'op':'remove','path':''}]"));

    assertThat(removed.isMissingNode()).isTrue();
    assertThatThrownBy(
            () -> JsonPatch.apply(removed, operations("[{'op':'replace','path':'','value':1}]")))
        .hasMessageContaining("there is no document");
    assertThat(JsonPatch.apply(removed, operations("[{'op':'add','path':'','value':1}]")))
        .isEqualTo(tree("1"));
  }

  @Test
  void namesTheFailedOperationAndTheReason() {
    List<PatchOperation> patch =
        operations("[{'op':'add','path':'/b','value':1},{'op':'remove','path':'/a/7','value':0}]");

    assertThatThrownBy(() -> JsonPatch.apply(tree("{'a':[1,2]}"), patch))
        .isInstanceOfSatisfying(
            JsonPatchException.class,
            e -> {
              assertThat(e.operationIndex()).isEqualTo(1);
              assertThat(e.path()).isEqualTo("/a/7");
            })
        .hasMessage("Operation 1, remove at \"/a/7\", does not fit: \"7\" is no index from 0 to 1");
  }

  @Test
  void numbersKeepTheirDigits() {
    JsonNode patched =
        JsonPatch.apply(
            tree("{'a':1234567890123456789}"),
            operations("[{'op':'add','path':'/b','value':0.10000000000000000000000001}]"));

    assertThat(patched.toString())
        .isEqualTo("{\"a\":1234567890123456789,\"b\":0.10000000000000000000000001}");
  }

  @Test
  void patchesCannotExceedTheDepthLimit() {
    String deep = "[".repeat(400) + "]".repeat(400);
    JsonNode document = tree(deep);
    String path = "/0".repeat(399) + "/-";

    assertThatThrownBy(
            () -> JsonPatch.apply(document, List.of(new PatchOperation.Add(path, Json.of(deep)))))
        .hasMessageContaining("deeper than 500");
    assertThatThrownBy(() ->
            JsonPatch.apply(document, List.of(new PatchOperation.Add("/0".repeat(501), Json.NULL))))
        .hasMessageContaining("more than 500 steps");
    JsonNode deepest =
        JsonPatch.apply(
            document,
            List.of(new PatchOperation.Add(path, Json.of("[".repeat(100) + "]".repeat(100)))));
    assertThat(tree(deepest.toString())).isEqualTo(deepest);
  }

  @Test
  void refusesANumberBeyondTheLimits() {
    Json huge = Json.of("9".repeat(5000));

    assertThatThrownBy(
            () -> JsonPatch.apply(tree("{}"), List.of(new PatchOperation.Add("/a", huge))))
        .isInstanceOf(JsonPatchException.class);
  }

  private static void applies(String document, String patch, String expected) {
    JsonNode before = tree(document);
    List<PatchOperation> operations = operations(patch);
    if (expected.equals("error")) {
      assertThatThrownBy(() -> JsonPatch.apply(before, operations))
          .isInstanceOf(JsonPatchException.class);
    } else {
      assertThat(JsonPatch.apply(before, operations)).isEqualTo(tree(expected));
    }
    assertThat(before).as("the document itself").isEqualTo(tree(document));
  }

  private static List<PatchOperation> operations(String patch) {
    JsonPatchPayload payload = new JsonPatchPayload(Json.of(patch.replace('\'', '"')), List.of());
    return payload.operations().orElseThrow();
  }

  private static JsonNode tree(String json) {
    return Json.of(json.replace('\'', '"')).tree();
  }
}
