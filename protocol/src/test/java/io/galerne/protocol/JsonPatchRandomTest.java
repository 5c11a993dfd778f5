package io.galerne.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Compares random patches with the same changes made to plain maps and lists.
class JsonPatchRandomTest {
  private static final String[] NAMES = {"a", "b/c", "~", "~1", "0", "-", " ", "é"};

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @Test
  void patchesAgreeWithPlainMapsAndLists() {
    System.out.println("JsonPatchRandomTest seed " + seed);
    for (int run = 0; run < 300; run++) {
      Object expected = container();
      JsonNode document = Json.ofValue(expected).tree();
      for (int step = 0; step < 30; step++) {
        PatchOperation operation = changeByHand(expected);
        String before = document.toString();
        JsonNode patched = JsonPatch.apply(document, List.of(operation));
        assertThat(patched)
            .as("%s on %s, seed %s", operation, before, seed)
            .isEqualTo(Json.ofValue(expected).tree());
        assertThat(document.toString()).isEqualTo(before);
        document = patched;
      }
    }
  }

  @Test
  void missingPathsAreRefused() {
    System.out.println("JsonPatchRandomTest seed " + seed);
    for (int run = 0; run < 1_000; run++) {
      Object value = container();
      String path = pathToContainer(value).path() + "/nowhere/at/all";
      assertThatThrownBy(() ->
              JsonPatch.apply(
                  Json.ofValue(value).tree(), List.of(new PatchOperation.Add(path, Json.NULL))))
          .as("%s on %s, seed %s", path, value, seed)
          .isInstanceOf(JsonPatchException.class);
    }
  }

  /// A container and the JSON Pointer to it.
  private record Place(String path, Object container) {}

  private Place pathToContainer(Object root) {
    Place place = new Place("", root);
    while (random.nextBoolean()) {
      List<Place> below = new ArrayList<>();
      String path = place.path();
      if (place.container() instanceof Map<?, ?> map) {
        map.forEach((name, value) -> below.add(new Place(path + "/" + escaped(name), value)));
      } else if (place.container() instanceof List<?> list) {
        for (int i = 0; i < list.size(); i++) {
          below.add(new Place(path + "/" + i, list.get(i)));
        }
      }
      below.removeIf(it -> !(it.container() instanceof Map || it.container() instanceof List));
      if (below.isEmpty()) {
        return place;
      }
      place = below.get(random.nextInt(below.size()));
    }
    return place;
  }

  private PatchOperation changeByHand(Object root) {
    Place place = pathToContainer(root);
    if (place.container() instanceof Map<?, ?>) {
      @SuppressWarnings("unchecked")
      Map<String, Object> map = (Map<String, Object>) place.container();
      return changeMap(map, place.path() + "/");
    }
    @SuppressWarnings("unchecked")
    List<Object> list = (List<Object>) place.container();
    return changeList(list, place.path() + "/");
  }

  private PatchOperation changeMap(Map<String, Object> map, String path) {
    String name = NAMES[random.nextInt(NAMES.length)];
    String at = path + escaped(name);
    Object value = value(2);
    if (!map.containsKey(name) || random.nextInt(4) == 0) {
      map.put(name, value);
      return new PatchOperation.Add(at, Json.ofValue(value));
    } else if (map.get(name) instanceof String text && random.nextBoolean()) {
      map.put(name, text + "+");
      return new PatchOperation.Append(at, "+");
    } else if (random.nextBoolean()) {
      map.put(name, value);
      return new PatchOperation.Replace(at, Json.ofValue(value));
    }
    map.remove(name);
    return new PatchOperation.Remove(at);
  }

  private PatchOperation changeList(List<Object> list, String path) {
    Object value = value(2);
    int index = random.nextInt(list.size() + 1);
    if (index == list.size()) {
      list.add(value);
      return new PatchOperation.Add(
          path + (random.nextBoolean() ? "-" : index), Json.ofValue(value));
    } else if (random.nextInt(4) == 0) {
      list.add(index, value);
      return new PatchOperation.Add(path + index, Json.ofValue(value));
    } else if (list.get(index) instanceof String text && random.nextBoolean()) {
      list.set(index, text + "é");
      return new PatchOperation.Append(path + index, "é");
    } else if (random.nextBoolean()) {
      list.set(index, value);
      return new PatchOperation.Replace(path + index, Json.ofValue(value));
    }
    list.remove(index);
    return new PatchOperation.Remove(path + index);
  }

  private Object container() {
    Object value = value(3);
    return value instanceof Map || value instanceof List ? value : container();
  }

  private Object value(int depth) {
    int kind = random.nextInt(depth == 0 ? 3 : 5);
    int size = random.nextInt(4);
    switch (kind) {
      case 0:
        return random.nextLong();
      case 1:
        return "t".repeat(size);
      case 2:
        return random.nextBoolean();
      case 3:
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
          map.put(NAMES[random.nextInt(NAMES.length)], value(depth - 1));
        }
        return map;
      default:
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          list.add(value(depth - 1));
        }
        return list;
    }
  }

  private static String escaped(Object name) {
    return name.toString().replace("~", "~0").replace("/", "~1");
  }
}
