package io.galerne.client.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.error.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FileCheckpointStoreTest implements CheckpointStoreContract {
  private static final String GOOD =
      "{\"format\":\"galerne-checkpoint-1\",\"consumer\":\"billing\",\"log_id\":\"log\",\"sequence\":42}\n";

  @TempDir Path folder;

  @Override
  public CheckpointStore store() {
    return new FileCheckpointStore(folder.resolve("checkpoints"));
  }

  private Path file() throws Exception {
    return Files.createDirectories(folder.resolve("checkpoints")).resolve("billing.checkpoint");
  }

  @Test
  void theFormatStaysReadable() throws Exception {
    try (CheckpointStore.Claim claim = store().claim("billing")) {
      claim.save(new Checkpoint("log", 42));
    }

    assertThat(file()).hasContent(GOOD);
    try (Stream<Path> files = Files.list(file().getParent())) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("billing.checkpoint", "billing.lock");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "42\n",
        "{\"format\":\"galerne-checkpoint-1\",\"consumer\":\"billing\",\"log_id\":\"log\",\"sequ",
        "{\"format\":\"galerne-checkpoint-1\",\"consumer\":\"billing\",\"log_id\":\"log\",\"sequence\":4}",
        "{\"format\":\"galerne-checkpoint-1\",\"consumer\":\"billing\",\"log_id\":\"log\",\"sequence\":-4}\n",
        "{\"format\":\"galerne-checkpoint-1\",\"consumer\":\"billing\",\"log_id\":\"log\",\"sequence\":4.5}\n",
        "{\"format\":\"galerne-checkpoint-1\",\"consumer\":\"billing\",\"log_id\":7,\"sequence\":4}\n",
        "{\"format\":\"galerne-checkpoint-1\",\"consumer\":\"Billing\",\"log_id\":\"\",\"sequence\":4}\n",
        "{\"format\":\"galerne-checkpoint-2\",\"consumer\":\"billing\",\"log_id\":\"\",\"sequence\":4}\n",
        "{\"sequence\":4}\n"
      })
  void aTruncatedOrForeignFileFailsAndSaysWhatToDo(String content) throws Exception {
    Files.writeString(file(), content);

    assertThatThrownBy(() -> store().claim("billing"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll(file().toString(), "delete it to start over");
    assertThat(file()).hasContent(content);
  }

  @Test
  void neverReadsAPositionFromATruncatedFile() throws Exception {
    for (int length = 0; length < GOOD.length(); length++) {
      Files.writeString(file(), GOOD.substring(0, length));
      assertThatThrownBy(() -> store().claim("billing")).isInstanceOf(CheckpointException.class);
    }
  }

  @Test
  void ignoresATemporaryFileLeftByACrash() throws Exception {
    Files.writeString(file(), GOOD);
    Files.writeString(file().resolveSibling("billing.checkpoint.tmp"), "{\"form");

    try (CheckpointStore.Claim claim = store().claim("billing")) {
      assertThat(claim.checkpoint()).contains(new Checkpoint("log", 42));
      claim.save(new Checkpoint("log", 43));
    }
    assertThat(file()).hasContent(GOOD.replace("42", "43"));
  }

  @Test
  void refusesASecondConsumerOfTheSameName() {
    try (CheckpointStore.Claim first = store().claim("billing")) {
      assertThat(first.checkpoint()).isEmpty();
      assertThatThrownBy(() -> store().claim("billing"))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("Another consumer with the name 'billing' is running");
      assertThatThrownBy(() -> store().delete("billing")).isInstanceOf(CheckpointException.class);
    }
    store().claim("billing").close();
  }

  @Test
  void refusesASecondProcess() throws Exception {
    Process first =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    ClaimingProcess.class.getName(),
                    file().getParent().toString(),
                    "billing"))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(first.inputReader().readLine()).isEqualTo("claimed");

      assertThatThrownBy(() -> store().claim("billing"))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("Another consumer with the name 'billing' is running");
    } finally {
      first.destroyForcibly().waitFor();
    }
    store().claim("billing").close();
  }

  /// Claims a consumer's checkpoint until the process ends.
  static final class ClaimingProcess {
    private ClaimingProcess() {}

    public static void main(String[] args) throws Exception {
      CheckpointStore.Claim claim = new FileCheckpointStore(Path.of(args[0])).claim(args[1]);
      System.out.println("claimed");
      System.in.read();
      claim.close();
    }
  }

  @Test
  void aClosedClaimSavesNothing() {
    CheckpointStore.Claim claim = store().claim("billing");
    claim.close();

    assertThatThrownBy(() -> claim.save(Checkpoint.of(1))).isInstanceOf(CheckpointException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "../billing", "a/b", "a b", ".hidden", "é"})
  void refusesNamesThatAreNotPortableFileNames(String name) {
    assertThatThrownBy(() -> store().claim(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + name + "'");
  }
}
