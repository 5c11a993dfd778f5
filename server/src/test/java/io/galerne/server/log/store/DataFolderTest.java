package io.galerne.server.log.store;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.server.log.LogOpenException;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.embedded.EmbeddedLogs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which folders are accepted, and the messages for the others.
class DataFolderTest {
  @TempDir private Path temporary;
  private Path folder;
  private Path marker;

  @BeforeEach
  void nameTheFolder() {
    folder = temporary.resolve("deep/down/log");
    marker = folder.resolve("galerne-log.txt");
  }

  private EmbeddedEventLog open() {
    return EmbeddedLogs.in(folder).open();
  }

  private void createLog() {
    try (EmbeddedEventLog log = open()) {
      append(log, SampleEvent.any().record("acme"));
    }
  }

  private void assertRefused(String... says) {
    assertThatThrownBy(this::open)
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining(folder.toString())
        .satisfies(e -> List.of(says).forEach(words -> assertThat(e).hasMessageContaining(words)));
  }

  @Test
  void createsAndMarksTheFolder() throws Exception {
    createLog();
    assertThat(Files.readAllLines(marker)).contains("format 2", "holds embedded log");
    try (var entries = Files.list(folder)) {
      assertThat(entries.map(entry -> entry.getFileName().toString()))
          .containsExactlyInAnyOrder("galerne-log.txt", "lock", "rocksdb");
    }
  }

  @Test
  void isAccessibleToItsOwnerOnly() throws Exception {
    createLog();
    assertThat(Files.getPosixFilePermissions(folder))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    for (String file : List.of("galerne-log.txt", "lock")) {
      assertThat(Files.getPosixFilePermissions(folder.resolve(file)))
          .as(file)
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxr-xr-x", "rwxrwxrwx", "rwx--x---", "rwx---r--"})
  void restrictsAnExistingFolderToItsOwner(String mode) throws Exception {
    createLog();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
    createLog();
    assertThat(Files.getPosixFilePermissions(folder))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void acceptsAnEmptyFolder() throws Exception {
    Files.createDirectories(folder);
    createLog();
  }

  @Test
  void acceptsAFolderWhoseFirstStartWasInterrupted() throws Exception {
    Files.createDirectories(folder);
    Files.createFile(folder.resolve("lock"));
    Files.createFile(folder.resolve("galerne-log.txt.new")); // not written yet
    createLog();
  }

  @Test
  void refusesASecondLogInTheSameProcess() {
    try (EmbeddedEventLog log = open()) {
      assertRefused("in use by another Galerne server");
      append(log, SampleEvent.any().record("acme"));
    }
    createLog();
  }

  @Test
  void refusesALogThatAnotherProcessHasOpen() throws Exception {
    String answered;
    try (OtherProcess other = OtherProcess.with(folder)) {
      answered = other.nextAnswered();
      assertThat(answered).isNotNull();
      assertRefused("in use by another Galerne server");
    }
    try (EmbeddedEventLog log = open()) {
      assertThat(readAll(log, "acme"))
          .first()
          .satisfies(entry -> assertThat(entry.eventId()).isEqualTo(answered));
    }
  }

  @Test
  void keepsTheModeOfAForeignFolder() throws Exception {
    Set<PosixFilePermission> open = PosixFilePermissions.fromString("rwxr-xr-x");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("thesis.txt"), "mine");
    Files.setPosixFilePermissions(folder, open);
    assertRefused("not empty");
    assertThat(Files.getPosixFilePermissions(folder)).isEqualTo(open);

    Files.delete(folder.resolve("thesis.txt"));
    Files.writeString(marker, "Galerne\nformat 3\n");
    assertRefused("newer version");
    assertThat(Files.getPosixFilePermissions(folder)).isEqualTo(open);
  }

  @Test
  void refusesAForeignFolder() throws Exception {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("thesis.txt"), "mine");
    assertRefused("not empty", "`folder`");
    assertThat(Files.readString(folder.resolve("thesis.txt"))).isEqualTo("mine");
    assertThat(Files.exists(marker)).isFalse();
  }

  @Test
  void refusesANewerFormat() throws Exception {
    createLog();
    Files.writeString(marker, "Galerne\nformat 3\nholds embedded log\n");
    assertRefused("format 3", "newer version");
    Files.writeString(marker, "Galerne\nformat 2\nholds embedded log\n");
    createLog();
  }

  @Test
  void refusesTheFormatThatWasNeverReleased() throws Exception {
    createLog();
    Files.writeString(marker, "Galerne\nformat 1\n");
    assertRefused("format 1", "never released", "`folder`");
  }

  @Test
  void refusesTheViewOfACluster() throws Exception {
    createLog();
    Files.writeString(marker, "Galerne\nformat 2\nholds view of the NATS stream GALERNE\n");
    assertRefused("view of the NATS stream GALERNE", "`folder`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Galerne\n", "format\n", "format x\n", "format 1.5\n", "format 99999999999\n"})
  void refusesAMarkerWithoutAKnownFormat(String text) throws Exception {
    createLog();
    Files.writeString(marker, text);
    assertRefused();
  }

  @Test
  void refusesABinaryMarker() throws Exception {
    createLog();
    Files.write(marker, new byte[] {(byte) 0xFF, 0, (byte) 0xFE});
    assertRefused();
  }

  @Test
  void refusesAFile() throws Exception {
    Files.createDirectories(folder.getParent());
    Files.writeString(folder, "a file");
    assertRefused("setting `folder`");
  }

  @Test
  void refusesAFolderThatCannotBeCreated() {
    folder = Path.of("/proc/galerne-cannot-be-here");
    assertRefused("setting `folder`");
  }

  @Test
  void refusesAFolderWithUnreadableFiles() throws Exception {
    createLog();
    for (String part : List.of("galerne-log.txt", "lock", "rocksdb/CURRENT")) {
      Path file = folder.resolve(part);
      Path aside = temporary.resolve("aside");
      Files.move(file, aside);
      Files.createDirectory(file); // unreadable, even for root
      assertRefused();
      Files.delete(file);
      Files.move(aside, file);
    }
    createLog();
  }

  @Test
  void releasesTheFolderAfterAFailedOpen() throws Exception {
    createLog();
    Path current = folder.resolve("rocksdb/CURRENT");
    byte[] good = Files.readAllBytes(current);
    Files.writeString(current, "nonsense");
    assertRefused("backup");
    Files.write(current, good);
    try (EmbeddedEventLog log = open()) {
      assertThat(readAll(log, "acme")).hasSize(1);
    }
  }
}
