package io.galerne.server.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.server.access.KeyFile.Created;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
  private static final String GOOD_KEY =
      """
      {"id":"key_1","sha256":"%s","namespace":"acme","may":["read"],\
      "created":"2026-03-30T10:00:00Z"}\
      """
          .formatted("0123456789abcdef".repeat(4));

  @TempDir private Path folder;
  private Path path;
  private KeyFile file;

  @BeforeEach
  void nameTheFile() {
    path = folder.resolve("keys.json");
    file = new KeyFile(path);
  }

  @Test
  void hasNoKeysIfThereIsNoFile() {
    assertThat(file.read()).isEmpty();
    assertThat(file.revoke("key_1")).isFalse();
    assertThat(Files.exists(path)).isFalse();
  }

  @Test
  void keepsKeysInOrderOfCreation() {
    Created one = file.add("acme", Set.of(Right.READ));
    Created two = file.add("other", Set.of(Right.PUBLISH));
    Created three = file.add("acme", Set.of(Right.READ, Right.PUBLISH));
    assertThat(new KeyFile(path).read()).containsExactly(one.key(), two.key(), three.key());
    assertThat(one.key().namespace()).isEqualTo("acme");
    assertThat(one.key().may()).containsExactly(Right.READ);
    assertThat(two.key().may()).containsExactly(Right.PUBLISH);
    assertThat(three.key().may()).containsExactlyInAnyOrder(Right.READ, Right.PUBLISH);
    assertThat(one.key().created())
        .isBetween(Instant.now().minus(Duration.ofMinutes(1)), Instant.now());
  }

  @Test
  void doesNotMistakeAnInaccessibleFileForAMissingOne() throws Exception {
    Path noFolder = Files.writeString(folder.resolve("file"), "").resolve("keys.json");
    assertThatThrownBy(() -> new KeyFile(noFolder).revoke("key_1"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(noFolder.toString());
  }

  @Test
  void losesNoneOfSeveralConcurrentChanges() throws Exception {
    Created revoked = file.add("acme", Set.of(Right.READ));
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Created>> added = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        added.add(threads.submit(() -> new KeyFile(path).add("acme", Set.of(Right.READ))));
      }
      assertThat(file.revoke(revoked.key().id())).isTrue();
      List<ApiKey> keys = new ArrayList<>();
      for (Future<Created> each : added) {
        keys.add(each.get().key());
      }
      assertThat(file.read()).containsExactlyInAnyOrderElementsOf(keys);
    }
  }

  @Test
  void storesTheHashOfASecretOnly() throws Exception {
    Created created = file.add("acme", Set.of(Right.READ));
    String text = Files.readString(path);
    assertThat(created.secret()).startsWith("gk_").hasSizeGreaterThan(40);
    assertThat(text).doesNotContain(created.secret()).doesNotContain(created.secret().substring(3));
    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(created.secret().getBytes(UTF_8));
    assertThat(created.key().sha256()).isEqualTo(HexFormat.of().formatHex(sha256));
    assertThat(text).contains(created.key().sha256()).contains(created.key().id());
  }

  @Test
  void secretsAndIdsAreUnique() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 30; i++) {
      Created created = file.add("acme", Set.of(Right.READ));
      assertThat(seen.add(created.secret())).isTrue();
      assertThat(seen.add(created.key().id())).isTrue();
    }
    assertThat(file.read()).hasSize(30);
  }

  @Test
  void revokesOneKeyAndKeepsTheOthers() {
    Created one = file.add("acme", Set.of(Right.READ));
    Created two = file.add("acme", Set.of(Right.READ));
    assertThat(file.revoke(one.key().id())).isTrue();
    assertThat(file.revoke(one.key().id())).isFalse();
    assertThat(file.revoke("key_unknown")).isFalse();
    assertThat(file.read()).containsExactly(two.key());
    assertThat(file.revoke(two.key().id())).isTrue();
    assertThat(file.read()).isEmpty();
  }

  @Test
  void onlyTheOwnerMayReadANewFile() throws Exception {
    file.add("acme", Set.of(Right.READ));
    assertThat(Files.getPosixFilePermissions(path))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void leavesOnlyAnEmptyLockFileBesideIt() throws Exception {
    file.add("acme", Set.of(Right.READ));
    file.revoke(file.read().getFirst().id());
    try (var entries = Files.list(folder)) {
      Path lock = folder.resolve("keys.json.lock");
      assertThat(entries).containsExactlyInAnyOrder(path, lock);
      assertThat(lock).isEmptyFile();
    }
  }

  @Test
  void readsAHandWrittenFile() throws Exception {
    Files.writeString(path, "{\n  \"comment\": 1, \"keys\": [ " + GOOD_KEY + " ]\n}\n");
    assertThat(file.read())
        .containsExactly(
            new ApiKey(
                "key_1",
                "0123456789abcdef".repeat(4),
                "acme",
                Set.of(Right.READ),
                Instant.parse("2026-03-30T10:00:00Z")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "keys",
        "[]",
        "1",
        "null",
        "{}",
        "{\"keys\":null}",
        "{\"keys\":{}}",
        "{\"keys\":1}",
        "{\"keys\":[1]}",
        "{\"keys\":[null]}",
        "{\"keys\":[{}]}",
        "{\"keys\":[",
        "{\"keys\":[]} more"
      })
  void namesAMalformedFile(String text) throws Exception {
    Files.writeString(path, text);
    assertRefused();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"key_1\"=>1",
        "\"key_1\"=>null",
        "\"id\"=>\"other\"",
        "\"acme\"=>\"\"",
        "\"acme\"=>\"a b\"",
        "\"acme\"=>\"-a\"",
        "\"acme\"=>\"a/b\"",
        "\"acme\"=>null",
        "\"sha256\":\"=>\"sha256\":null,\"x\":\"",
        "0123456789abcdef=>",
        "0123456789abcdef=>0123456789ABCDEF",
        "\"may\":[\"read\"]=>\"may\":[]",
        "\"may\":[\"read\"]=>\"may\":\"read\"",
        "\"may\":[\"read\"]=>\"may\":[\"write\"]",
        "\"may\":[\"read\"]=>\"may\":[1]",
        "\"may\":[\"read\"]=>\"may\":[null]",
        "\"2026-03-30T10:00:00Z\"=>null",
        "2026-03-30T10:00:00Z=>yesterday",
        "\"2026-03-30T10:00:00Z\"=>1",
      })
  void namesAFileWithABadKey(String change) throws Exception {
    String[] parts = change.split("=>", 2);
    String bad = GOOD_KEY.replace(parts[0], parts[1]);
    assertThat(bad).isNotEqualTo(GOOD_KEY);
    Files.writeString(path, "{\"keys\":[" + GOOD_KEY + "," + bad + "]}");
    assertRefused();
  }

  @Test
  void reportsAFileThatIsNotText() throws Exception {
    Files.write(path, new byte[] {'{', (byte) 0xff, (byte) 0xfe, '}'});
    assertThatThrownBy(file::read)
        .hasMessage("Cannot read the key file " + path + ": it is not text in UTF-8");
  }

  private void assertRefused() {
    assertThatThrownBy(file::read)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The key file " + path + " is malformed: ")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void doesNotChangeAMalformedFile() throws Exception {
    Files.writeString(path, "{\"keys\":[" + GOOD_KEY + ",]}");
    String before = Files.readString(path);
    assertThatThrownBy(() -> file.add("acme", Set.of(Right.READ)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> file.revoke("key_1")).isInstanceOf(IllegalArgumentException.class);
    assertThat(Files.readString(path)).isEqualTo(before);
  }

  @Test
  void namesAFileThatCannotBeReadOrWritten() throws Exception {
    Files.createDirectory(path);
    assertThatThrownBy(file::read)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(path.toString());
    Path nowhere = folder.resolve("missing/keys.json");
    assertThatThrownBy(() -> new KeyFile(nowhere).add("acme", Set.of(Right.READ)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(nowhere.toString());
  }

  @Test
  void refusesABadNamespaceOrNoRights() {
    for (String namespace : List.of("", "a b", ".a", "a".repeat(65), "é", "a\n")) {
      assertThatThrownBy(() -> file.add(namespace, Set.of(Right.READ)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("namespace");
    }
    assertThatThrownBy(() -> file.add("acme", Set.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no rights");
    assertThat(Files.exists(path)).isFalse();
    for (String namespace : List.of("a", "0", "A.b_c-9", "a".repeat(64))) {
      assertThat(file.add(namespace, Set.of(Right.READ)).key().namespace()).isEqualTo(namespace);
    }
  }

  @Test
  void replacesTheFileAtomically() throws Exception {
    file.add("acme", Set.of(Right.READ));
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < 40; i++) {
                file.add("acme", Set.of(Right.READ));
              }
            });
    int last = 1;
    while (writer.isAlive()) {
      int now = new KeyFile(path).read().size();
      assertThat(now).isGreaterThanOrEqualTo(last);
      last = now;
    }
    writer.join();
    assertThat(file.read()).hasSize(41);
  }

  /// Changes the owner, if this test may do so.
  private void giveAway(Path any) throws Exception {
    boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    if (root) {
      Files.setAttribute(any, "unix:uid", 65_534);
      Files.setAttribute(any, "unix:gid", 65_533);
    }
  }

  private static Map<String, Object> access(Path any) throws Exception {
    return Files.readAttributes(any, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "rw-r-----", "rw-rw-r--", "r--r-----"})
  void aChangeKeepsOwnerGroupAndMode(String mode) throws Exception {
    Created one = file.add("acme", Set.of(Right.READ));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    giveAway(path);
    Map<String, Object> before = access(path);

    Created two = file.add("acme", Set.of(Right.READ));
    assertThat(access(path)).isEqualTo(before);
    assertThat(file.revoke(one.key().id())).isTrue();
    assertThat(access(path)).isEqualTo(before);
    assertThat(file.read()).containsExactly(two.key());
    Path lock = folder.resolve("keys.json.lock");
    assertThat(access(lock)).containsEntry("uid", before.get("uid"));
  }

  @Test
  void aChangeThroughLinksKeepsTheLinks() throws Exception {
    Created one = file.add("acme", Set.of(Right.READ));
    giveAway(path);
    Map<String, Object> before = access(path);
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path first = Files.createSymbolicLink(elsewhere.resolve("first"), Path.of("../keys.json"));
    Path second = Files.createSymbolicLink(folder.resolve("second"), first);

    assertThat(new KeyFile(second).revoke(one.key().id())).isTrue();
    assertThat(file.read()).isEmpty();
    assertThat(first).isSymbolicLink();
    assertThat(second).isSymbolicLink();
    assertThat(access(path)).isEqualTo(before);
    try (var entries = Files.list(elsewhere)) {
      assertThat(entries).containsExactly(first);
    }
  }

  @Test
  void createsTheMissingTargetOfALink() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), path);
    Created created = new KeyFile(link).add("acme", Set.of(Right.READ));
    assertThat(link).isSymbolicLink();
    assertThat(file.read()).containsExactly(created.key());
    assertThat(Files.getPosixFilePermissions(path))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void refusesToChangeAFileWithOtherHardLinks() throws Exception {
    Created one = file.add("acme", Set.of(Right.READ));
    Path other = Files.createLink(folder.resolve("other.json"), path);
    assertThatThrownBy(() -> file.revoke(one.key().id()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContaining("its keys are unchanged")
        .hasMessageContaining("2 names (hard links)");
    assertThat(new KeyFile(other).read()).containsExactly(one.key());
    assertThat(file.read()).containsExactly(one.key());
  }

  @Test
  void reportsACycleOfLinks() throws Exception {
    Files.createSymbolicLink(path, folder.resolve("back"));
    Files.createSymbolicLink(folder.resolve("back"), path);
    assertThatThrownBy(() -> file.add("acme", Set.of(Right.READ)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(path.toString());
  }
}
