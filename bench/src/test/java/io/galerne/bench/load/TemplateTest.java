package io.galerne.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TemplateTest {
  private static final String ITEM =
      "{\"é\":\""
          + Template.ID
          + "\",\"x\":\""
          + Template.EXECUTION
          + "\",\"t\":"
          + Template.TIME
          + "}";

  @Test
  void fillsThePlaceholdersOfEveryItem() {
    Template template = Template.postBatch("here:1", "/batch", "[", ITEM, 2, "]");
    byte[] bytes = template.copy();
    template.fill(bytes, 0xabcL, item -> 7 + item, 1_790_000_000_000_000_000L);
    assertThat(new String(bytes, UTF_8))
        .isEqualTo(
            """
            POST /batch HTTP/1.1\r
            Host: here:1\r
            Content-Type: application/json\r
            Content-Length: 123\r
            \r
            [{"é":"000000000abc","x":"00000007","t":1790000000000000000},\
            {"é":"000000000abd","x":"00000008","t":1790000000000000000}]\
            """);
  }

  @Test
  void publishesEventsOfTheStatedSize() {
    assertThat(EventText.EVENT.getBytes(UTF_8)).hasSize(EventText.BYTES);
  }
}
