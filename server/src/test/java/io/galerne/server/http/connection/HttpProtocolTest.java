package io.galerne.server.http.connection;

import static io.galerne.server.RunningServer.BATCH;
import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.SINGLE;
import static io.galerne.server.RunningServer.STREAM;
import static io.galerne.server.RunningServer.STREAM_EVENT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.galerne.server.QuietServer;
import io.galerne.server.RawConnection;
import io.galerne.server.RawConnection.Answer;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// HTTP/1.1 as clients and proxies speak it.
@Timeout(60)
@ExtendWith(QuietServer.class)
class HttpProtocolTest {
  private static final String SUCCESS = "{\"status\":\"success\",\"message\":null}";
  private static final String OK = "{\"status\":\"ok\"}";
  private static final String LIVE = "GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n";
  private static final int MOST_BODY_BYTES = 64 * 1024;

  @TempDir static Path folder;

  private static RunningServer server;

  @BeforeAll
  static void start() {
    server =
        RunningServer.start(
            folder,
            RunningServer.config().maxEventBytes(MOST_BODY_BYTES).maxBodyBytes(MOST_BODY_BYTES));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String body(String id) {
    return SampleEvents.single(SampleEvents.event(id, "run-1"));
  }

  private static String post(String id, String... headers) {
    String body = body(id);
    return "POST "
        + SINGLE
        + " HTTP/1.1\r\nHost: test\r\n"
        + String.join("", headers)
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static boolean isStored(String id) {
    return server.get(LIST + "?limit=1000").body().contains("\"event_id\":\"" + id + "\"");
  }

  @Test
  void aBodyMayBeChunked() {
    String body = body("chunked");
    StringBuilder request =
        new StringBuilder(
            "POST " + SINGLE + " HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int from = 0; from < body.length(); from += 7) {
      String chunk = body.substring(from, Math.min(body.length(), from + 7));
      request
          .append(Integer.toHexString(chunk.length()))
          .append(";x=y\r\n")
          .append(chunk)
          .append("\r\n");
    }
    request.append("0\r\nTrailer: 1\r\n\r\n").append(LIVE);
    try (RawConnection connection = server.connect().send(request.toString())) {
      assertThat(connection.answer().text()).isEqualTo(SUCCESS);
      assertThat(connection.answer().text()).isEqualTo(OK);
      assertThat(isStored("chunked")).isTrue();
    }
  }

  @Test
  void answersExpectContinue() {
    String body = body("asked");
    String head =
        "POST " + SINGLE + " HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: ";
    try (RawConnection connection = server.connect().send(head + body.length() + "\r\n\r\n")) {
      assertThat(connection.answer().statusLine()).isEqualTo("HTTP/1.1 100 Continue");
      connection.send(body);
      assertThat(connection.answer().text()).isEqualTo(SUCCESS);
      connection.send(LIVE);
      assertThat(connection.answer().text()).isEqualTo(OK);
    }
    try (RawConnection connection = server.connect().send(head + "999999999\r\n\r\n")) {
      assertThat(connection.answer().status()).isEqualTo(413);
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      requests.append(post("pipelined-" + i, "X-Request-Id: p" + i + "\r\n")).append(LIVE);
    }
    try (RawConnection connection = server.connect().send(requests.toString())) {
      for (int i = 0; i < 50; i++) {
        Answer answer = connection.answer();
        assertThat(answer.text()).isEqualTo(SUCCESS);
        assertThat(answer.header("X-Request-Id")).hasValue("p" + i);
        assertThat(connection.answer().text()).isEqualTo(OK);
      }
    }
  }

  @Test
  void aConnectionServesRequestsUntilItsClientEndsIt() {
    try (RawConnection connection = server.connect()) {
      for (int i = 0; i < 3; i++) {
        Answer answer = connection.send(LIVE).answer();
        assertThat(answer.text()).isEqualTo(OK);
        assertThat(answer.headers()).doesNotContainKey("connection");
      }
      Answer last =
          connection.send(LIVE.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).answer();
      assertThat(last.header("Connection")).hasValue("close");
      assertThat(connection.rest()).isEmpty();
    }
  }

  @Test
  void aClientOfHttp10IsAnsweredAndTheConnectionEnds() {
    try (RawConnection connection = server.connect().send("GET /health/live HTTP/1.0\r\n\r\n")) {
      assertThat(connection.answer().text()).isEqualTo(OK);
      assertThat(connection.rest()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/workflows/events/list?limit=1000",
        "/v1/workflows/events/stream",
        "/v1/workflows/executions/run-1/stream",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/openapi.yaml"
      })
  void headAnswersLikeGetWithoutABody(String target) {
    for (int i = 0; i < 20; i++) { // so that the page has several pieces
      server.publish(SampleEvents.large("head-" + i, "run-1", 30_000));
    }
    String request = target + " HTTP/1.1\r\nHost: test\r\n\r\n";
    try (RawConnection get = server.connect().send("GET " + request);
        RawConnection head = server.connect().send("HEAD " + request + LIVE)) {
      Answer expected = get.head();
      Answer answer = head.answerWithoutBody();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.headers().keySet()).isEqualTo(expected.headers().keySet());
      assertThat(answer.header("Content-Type")).isEqualTo(expected.header("Content-Type"));
      assertThat(head.answer().text()).isEqualTo(OK);
    }
    await().until(() -> server.metric("galerne_readers_live") == 0);
  }

  @Test
  void headOfAPostOnlyPathIsA405WithoutABody() {
    try (RawConnection connection =
        server.connect().send("HEAD " + SINGLE + " HTTP/1.1\r\nHost: test\r\n\r\n" + LIVE)) {
      Answer answer = connection.answerWithoutBody();
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.header("Allow")).hasValue("POST");
      assertThat(connection.answer().text()).isEqualTo(OK);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://test/health/live",
        "HTTP://test:8080/health/live",
        "https://user@test/health/live?a=b"
      })
  void aTargetMayBeInAbsoluteForm(String target) {
    try (RawConnection connection =
        server.connect().send("GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n")) {
      assertThat(connection.answer().text()).isEqualTo(OK);
    }
    String query = "?workflow_exec_id=nobody HTTP/1.1\r\nHost: test\r\n\r\n";
    try (RawConnection connection = server.connect().send("GET http://test" + LIST + query)) {
      assertThat(connection.answer().text()).isEqualTo("{\"events\":[],\"next_cursor\":null}");
    }
    try (RawConnection connection =
        server.connect().send("GET http://test HTTP/1.1\r\nHost: test\r\n\r\n")) {
      assertThat(connection.answer().text()).isEqualTo(server.get("/").body());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Host: a\r\nHost: b\r\n", "Host: a\r\nHost: a\r\n"})
  void aRequestWithoutAHostOrWithSeveralIsA400(String hosts) {
    for (String target : new String[] {"GET /health/live", "GET " + STREAM, "OPTIONS " + SINGLE}) {
      try (RawConnection connection =
          server.connect().send(target + " HTTP/1.1\r\n" + hosts + "\r\n" + LIVE)) {
        Answer answer = connection.answer();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("Host headers; send exactly one");
        assertThat(connection.answer().text()).isEqualTo(OK);
      }
    }
    try (RawConnection connection =
        server.connect().send("GET /health/live HTTP/1.0\r\n" + hosts + "\r\n")) {
      assertThat(connection.answer().status()).isEqualTo(hosts.isEmpty() ? 200 : 400);
    }
  }

  @Test
  void everyAnswerHasADate() {
    String tooLong = "GET /" + "x".repeat(40_000) + " HTTP/1.1\r\nHost: test\r\n\r\n";
    for (String request :
        new String[] {
          LIVE,
          LIVE.replace("/health/live", "/nowhere"),
          LIVE.replace("/health/live", LIST + "?limit=0"),
          LIVE.replace("/health/live", STREAM),
          LIVE.replace("Host", "No-Host"),
          "NONSENSE\r\n\r\n",
          tooLong
        }) {
      try (RawConnection connection = server.connect().sendWhileWanted(request.getBytes(UTF_8))) {
        String date = connection.head().header("Date").orElseThrow();
        Instant time = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
        assertThat(time).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: gzip\r\n"
      })
  void anotherTransferEncodingIsA400AndEndsTheConnection(String header) {
    String request = "POST " + SINGLE + " HTTP/1.1\r\nHost: test\r\n" + header + "\r\n";
    try (RawConnection connection =
        server.connect().sendWhileWanted((request + "0\r\n\r\n" + LIVE).getBytes(UTF_8))) {
      Answer answer = connection.answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("Connection")).hasValue("close");
      assertThat(connection.rest()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json; charset=utf8 | 200",
        "application/json;charset=UTF8 | 200",
        "application/json; charset=\"utf-8\" | 200",
        "application/json; charset = UTF-8; x=y | 200",
        "application/json; profile=charset | 200",
        "application/vnd.api+json | 200",
        "application/json; charset=latin1 | 415",
        "application/json; charset=utf-16 | 415",
        "application/json; charset=nonsense | 415",
        "application/json; charset=! | 415",
        "text/plain; charset=utf-8 | 415"
      })
  void acceptsAnyNameOfUtf8(String type, int status) {
    try (RawConnection connection =
        server.connect().send(post("utf8", "Content-Type: " + type + "\r\n"))) {
      assertThat(connection.answer().status()).isEqualTo(status);
    }
  }

  @Test
  void aHalfClosedClientGetsItsAnswers() {
    String requests = post("half-1") + LIVE + post("half-2");
    try (RawConnection connection = server.connect().send(requests).endSending()) {
      assertThat(connection.answer().text()).isEqualTo(SUCCESS);
      assertThat(connection.answer().text()).isEqualTo(OK);
      assertThat(connection.answer().text()).isEqualTo(SUCCESS);
      assertThat(connection.rest()).isEmpty();
    }
    assertThat(isStored("half-2")).isTrue();
    String list = "GET " + LIST + "?limit=1000 HTTP/1.1\r\nHost: test\r\n\r\n";
    try (RawConnection connection = server.connect().send(list).endSending()) {
      assertThat(connection.answer().text()).contains("\"half-1\"").endsWith("}");
      assertThat(connection.rest()).isEmpty();
    }
  }

  /// Such an answer does not fit into the socket at once: the server waits for room after the
  /// client has half-closed.
  @Test
  void aHalfClosedClientGetsALargeAnswer() {
    for (int i = 0; i < 40; i++) {
      server.publish(SampleEvents.large("wide-" + i, "wide", 30_000));
    }
    String list = "GET " + LIST + "?limit=1000 HTTP/1.1\r\nHost: test\r\n\r\n";
    for (int i = 0; i < 60; i++) {
      try (RawConnection connection = server.connect().send(list).endSending()) {
        assertThat(connection.answer().text()).contains("\"wide-39\"").endsWith("}");
        assertThat(connection.rest()).isEmpty();
      }
    }
  }

  @Test
  void aHalfClosedReaderGetsItsStream() {
    String request = "GET " + STREAM + "?start_seq=-1 HTTP/1.1\r\nHost: test\r\n\r\n";
    try (RawConnection connection = server.connect().send(request).endSending()) {
      assertThat(connection.head().status()).isEqualTo(200);
      for (int i = 0; i < 3; i++) {
        server.publish(SampleEvents.event("half-closed-" + i, "run-1"));
        String events = connection.chunk();
        while (!events.contains("data: ")) {
          events += connection.chunk();
        }
        assertThat(events).contains("\"half-closed-" + i + "\"");
      }
    }
    await().until(() -> server.metric("galerne_readers_live") == 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | /v1/workflows/events | POST",
        "DELETE | /v1/workflows/events | POST",
        "OPTIONS | /v1/workflows/events | POST",
        "PUT | /v1/workflows/events/batch | POST",
        "GET | /v1/workflows/executions/stream | POST",
        "POST | /v1/workflows/events/stream | GET, HEAD",
        "POST | /v1/workflows/executions/a/stream | GET, HEAD",
        "PATCH | /v1/workflows/events/list | GET, HEAD",
        "POST | /health/live | GET, HEAD",
        "POST | /metrics | GET, HEAD",
        "BREW | /openapi.yaml | GET, HEAD"
      })
  void anotherMethodIsA405WithAllow(String method, String path, String allowed) {
    HttpResponse<String> answer = server.send(method, path, BodyPublishers.ofString("{}"));
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue(allowed);
    assertThat(answer.body())
        .isEqualTo(
            "{\"detail\":\"%s is not allowed here; use %s\",\"code\":\"WF_1105\"}"
                .formatted(method, allowed));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/console",
        "/v1",
        "/v1/workflows/events/",
        "/V1/workflows/events",
        "/v1/workflows/executions//stream",
        "/v1/workflows/executions/a/b/stream",
        "/v1/workflows/executions/a/stream/",
        "/v2"
      })
  void anUnknownPathIsA404ForEveryMethod(String path) {
    for (String method : new String[] {"GET", "POST"}) {
      HttpResponse<String> answer = server.send(method, path, BodyPublishers.ofString("{}"));
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body())
          .isEqualTo(
              "{\"detail\":\"There is no such path; GET /openapi.yaml describes the API\","
                  + "\"code\":\"WF_1144\"}");
    }
  }

  @Test
  void echoesARequestIdOrCreatesOne() {
    assertThat(server.get(LIST, "X-Request-Id", "a.B:1-2_3").headers().firstValue("X-Request-Id"))
        .hasValue("a.B:1-2_3");
    assertThat(server.get("/nowhere", "X-Request-Id", "mine").headers().firstValue("X-Request-Id"))
        .hasValue("mine");
    for (String unfit : new String[] {"a b", "x".repeat(129), "<script>"}) {
      assertThat(server.get(LIST, "X-Request-Id", unfit).headers().firstValue("X-Request-Id"))
          .get()
          .asString()
          .matches("[0-9a-f]{1,16}");
    }
    String one = server.get(LIST).headers().firstValue("X-Request-Id").orElseThrow();
    String other = server.get(LIST).headers().firstValue("X-Request-Id").orElseThrow();
    assertThat(one).matches("[0-9a-f]{1,16}").isNotEqualTo(other);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /health/live?a=%zz HTTP/1.1",
        "GET /v1/workflows/events/list?cursor=% HTTP/1.1",
        "GET /v1/workflows/events/list?%f=1 HTTP/1.1",
        "GET /v1/workflows/executions/%zz/stream HTTP/1.1",
        "GET /v1/workflows/executions/a%/stream HTTP/1.1"
      })
  void aBadlyEncodedUrlIsA400(String requestLine) {
    try (RawConnection connection =
        server.connect().send(requestLine + "\r\nHost: test\r\n\r\n" + LIVE)) {
      Answer answer = connection.answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text())
          .isEqualTo(
              "{\"detail\":\"The URL is not percent-encoded correctly: every % needs two"
                  + " hexadecimal digits\",\"code\":\"WF_1100\"}");
      assertThat(connection.answer().text()).isEqualTo(OK);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/workflows/events/list?workflow_exec_id=%ff",
        "/v1/workflows/events/stream?%c3=1",
        "/v1/workflows/executions/caf%E9/stream"
      })
  void aUrlThatIsNotUtf8IsA400(String target) {
    try (RawConnection connection =
        server.connect().send("GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n" + LIVE)) {
      Answer answer = connection.answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text()).contains("The URL is not UTF-8");
      assertThat(connection.answer().text()).isEqualTo(OK);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Content-Length: 2~Content-Length: 3 | conflicting lengths: Content-Length is 2, 3;",
        "Content-Length: 2~Content-Length: 2 | conflicting lengths: Content-Length is 2, 2;",
        "content-length: 2, 3 | conflicting lengths: Content-Length is 2, 3;",
        "Content-Length: 2~Transfer-Encoding: chunked | conflicting lengths: send either",
        "Content-Length: abc | Content-Length is 'abc' and should be a number of bytes",
        "Content-Length: -5 | Content-Length is '-5' and",
        "Content-Length: 99999999999999999999 | Content-Length is '99999999999999999999' and"
      })
  void anImpossibleLengthIsA400AndEndsTheConnection(String headers, String detail) {
    String request = "POST " + SINGLE + " HTTP/1.1~Host: test~" + headers + "~~{}";
    try (RawConnection connection = server.connect().send(request.replace("~", "\r\n"))) {
      Answer answer = connection.answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text()).contains(detail, "\"code\":\"WF_1100\"");
      assertThat(answer.header("Connection")).hasValue("close");
      assertThat(connection.rest()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /health/live HTTP/1.1~No colon here~~ | 400",
        "GET /health/live HTTP/1.1~: no name~~ | 400",
        "GET /health/live HTTP/1.1~A B: c~~ | 400",
        "GET /health/live HTTP/9~~ | 400",
        "NONSENSE~~ | 400",
        "GET /health/live~~ | 400"
      })
  void anythingButHttpIsA400AndEndsTheConnection(String request, int status) {
    try (RawConnection connection = server.connect().send(request.replace("~", "\r\n"))) {
      Answer answer = connection.answer();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.text()).isEqualTo("{\"detail\":\"This is not HTTP\",\"code\":\"WF_1100\"}");
      assertThat(answer.header("Connection")).hasValue("close");
      assertThat(connection.rest()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void hugeHeadersAreA431AtOnce(String method) {
    String request =
        method
            + " "
            + SINGLE
            + " HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\nX-Large: "
            + "x".repeat(100_000)
            + "\r\n\r\n{}";
    try (RawConnection connection = server.connect().sendWhileWanted(request.getBytes(UTF_8))) {
      Answer answer = connection.answer();
      assertThat(answer.status()).isEqualTo(431);
      assertThat(answer.text())
          .isEqualTo(
              "{\"detail\":\"The headers are longer than 32768 bytes\",\"code\":\"WF_1113\"}");
    }
  }

  @Test
  void aHugeUrlIsA414AtOnce() {
    String request = "GET /?" + "x".repeat(100_000) + " HTTP/1.1\r\nHost: test\r\n\r\n";
    try (RawConnection connection = server.connect().sendWhileWanted(request.getBytes(UTF_8))) {
      Answer answer = connection.answer();
      assertThat(answer.status()).isEqualTo(414);
      assertThat(answer.text())
          .isEqualTo("{\"detail\":\"The URL is longer than 32768 bytes\",\"code\":\"WF_1113\"}");
    }
  }

  @Test
  void aLongUrlWithinTheLimitIsServed() {
    String query = "?limit=1&cursor=&workflow_exec_id=" + "x".repeat(30_000);
    assertThat(server.get(LIST + query).body()).isEqualTo("{\"events\":[],\"next_cursor\":null}");
  }

  @Test
  void refusesParametersOverTheLimit() {
    String many = "?" + "a=*&".repeat(300) + "limit=0";
    assertThat(server.get(LIST + many).statusCode()).isBetween(400, 499);
  }

  @Test
  void answersBeforeAnUnwantedBodyHasArrived() {
    for (String path : new String[] {"/nowhere", LIST}) {
      String head = "POST " + path + " HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n";
      try (RawConnection connection = server.connect().send(head)) {
        Answer answer = connection.answer();
        assertThat(answer.status()).isIn(404, 405);
        assertThat(answer.header("Connection")).hasValue("close");
        connection.sendWhileWanted(new byte[1_000_000]);
        assertThat(connection.rest()).isEmpty();
      }
    }
  }

  @Test
  void theSenderOfATooLargeChunkedBodySeesThe413() {
    String head = "POST " + BATCH + " HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
    String chunk = "1000\r\n" + "x".repeat(4096) + "\r\n";
    try (RawConnection connection = server.connect().send(head + chunk.repeat(100))) {
      connection.send("0\r\n\r\n");
      assertThat(connection.answer().status()).isEqualTo(413);
      assertThat(connection.rest()).isEmpty();
    }
  }

  @Test
  void streamsAndOtherAnswersShareNoConnection() {
    try (RawConnection connection =
        server
            .connect()
            .send(post("before") + "GET " + STREAM + "?start_seq=-1 HTTP/1.1\r\nHost: a\r\n\r\n")) {
      assertThat(connection.answer().text()).isEqualTo(SUCCESS);
      Answer stream = connection.answer();
      assertThat(stream.header("Connection")).as("it would hide a torn stream").isEmpty();
      server.post(STREAM_EVENT, SampleEvents.streamEvent(SampleEvents.event("after", "run-1")));
      assertThat(connection.chunk() + connection.chunk()).contains("\"event_id\":\"after\"");
    }
  }
}
