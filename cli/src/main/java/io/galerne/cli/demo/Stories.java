package io.galerne.cli.demo;

import static io.galerne.cli.demo.Json.object;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/// The workflows of the demo. Together they take fifteen to twenty seconds and publish every type
/// of event, and every execution ends.
final class Stories {
  private static final List<Document> DOCUMENTS =
      List.of(
          new Document(
              "annual-report.pdf",
              "Revenue grew by 12 percent, and the wind farm feeds a third of both plants.",
              List.of("grew by 12 percent", "a third of both plants")),
          new Document(
              "lease-hamburg.pdf",
              "The tenant may leave after 36 months, and the rent follows the price index.",
              List.of("leave after 36 months", "follows the price index")),
          new Document(
              "audit-2025.pdf",
              "Two findings are open: rights removed late, and one backup never restored.",
              List.of("rights removed late", "one backup never restored")));
  private static final List<Ticket> TICKETS =
      List.of(
          new Ticket("T-4711", "Hello Ada, your parcel left Lyon today and arrives on Friday."),
          new Ticket("T-4718", "Hello Grace, your refund is on its way and takes two days."),
          new Ticket("T-4725", "Hello Linus, please restart the hub, and the update goes on."));

  private record Document(String name, String summary, List<String> claims) {}

  private record Ticket(String id, String reply) {}

  /// A workflow that the demo runs.
  ///
  /// @param firstStart when its first execution starts, from the start of the demo
  /// @param plot plays one execution; the number counts rounds
  record Story(String workflowName, Duration firstStart, BiConsumer<Execution, Integer> plot) {
    void play(Stage stage, int round) {
      plot.accept(Execution.root(stage, workflowName), round);
    }
  }

  private Stories() {}

  /// Returns all workflows, to be played at the same time.
  static List<Story> all() {
    return List.of(
        new Story("document-review", Duration.ZERO, Stories::documentReview),
        new Story("nightly-sync", Duration.ofMillis(1_700), Stories::nightlySync),
        new Story("customer-reply", Duration.ofMillis(4_300), Stories::customerReply),
        new Story("invoice-export", Duration.ofMillis(7_600), Stories::invoiceExport));
  }

  private static void documentReview(Execution review, int round) {
    Document document = DOCUMENTS.get(round % DOCUMENTS.size());
    review.start(object("document", document.name, "pages", 12 + round % 30));
    review.pause(350);
    Activity load = review.startActivity("load_document", object("document", document.name));
    review.pause(1_000);
    load.complete(object("bytes", 182_734, "language", "en"));
    review.pause(200);
    Activity summarize = review.startActivity("summarize", object("style", "short"));
    write(review, document.summary, 1, 260);
    summarize.complete(object("characters", document.summary.length()));

    CustomTask progress = review.startTask("progress", progress(0, 4));
    for (int step = 1; step <= 3; step++) {
      review.pause(900);
      progress.progress(progress(step, 4));
    }
    factCheck(review.child("fact-check"), document.claims);
    review.pause(300);
    progress.progress(progress(4, 4));
    progress.complete(progress(4, 4));
    review.pause(250);
    review.complete(object("approved", true, "claims", document.claims.size()));
  }

  private static void factCheck(Execution check, List<String> claims) {
    check.start(object("claims", claims));
    check.pause(250);
    Activity search = check.startActivity("web_search", object("query", claims.getFirst()));
    check.pause(1_100);
    search.retry("upstream timed out after 10 s");
    check.pause(1_400);
    search.retry("503 Service Unavailable");
    check.pause(900);
    search.complete(object("sources", 3, "best", "https://example.org/a"));
    check.pause(300);
    check.continueAsNew(object("claims", claims.subList(1, claims.size())));
    check.pause(250);
    CustomTask archive = check.startTask("archive_lookup", object("query", claims.getLast()));
    check.pause(1_600);
    archive.timeOut("START_TO_CLOSE");
    CustomTask reasoning = check.startTask("reasoning", object("text", ""));
    append(check, reasoning, "Both statements match their source.", 2, 420);
    reasoning.complete(object("text", "Both statements match their source."));
    check.pause(250);
    check.complete(object("verdict", "supported", "score", 0.94));
  }

  private static void customerReply(Execution reply, int round) {
    Ticket ticket = TICKETS.get(round % TICKETS.size());
    reply.start(object("ticket", ticket.id, "channel", "email"));
    reply.pause(250);
    Activity lookup = reply.startActivity("find_order", object("ticket", ticket.id));
    reply.pause(700);
    lookup.complete(object("order", "A-10" + round % 10, "status", "shipped"));
    reply.pause(300);
    Activity draft = reply.startActivity("draft_reply", object("tone", "friendly"));
    write(reply, ticket.reply, 2, 420);
    draft.complete(object("characters", ticket.reply.length()));
    reply.pause(250);
    Activity send = reply.startActivity("send_email", object("to", "customer"));
    reply.pause(700);
    send.retry("421 try again later");
    reply.pause(900);
    send.complete(object("message_id", "m-" + ticket.id));
    reply.pause(200);
    reply.complete(object("sent", true));
  }

  private static void invoiceExport(Execution export, int round) {
    export.start(object("month", "2026-" + (round % 12 + 1), "invoices", 214 + round));
    export.pause(300);
    export.workflowTaskFailed("worker restarted: out of memory");
    export.pause(600);
    Activity render = export.startActivity("render_pdf", object("invoices", 214 + round));
    export.pause(1_000);
    render.complete(object("files", 214 + round));
    CustomTask upload = export.startTask("upload", object("bucket", "invoices"));
    export.pause(800);
    upload.fail("403 the credentials have expired");
    Activity send = export.startActivity("send_to_archive", object("attempts_at_most", 3));
    export.pause(600);
    send.retry("connection reset by peer");
    export.pause(1_200);
    send.retry("connection reset by peer");
    export.pause(1_400);
    send.fail("550 mailbox unavailable");
    export.pause(200);
    export.fail("activity send_to_archive failed after 3 attempts");
  }

  private static void nightlySync(Execution sync, int round) {
    sync.start(object("source", "crm", "records", 12_000 + round));
    sync.pause(400);
    CustomTask progress = sync.startTask("progress", progress(0, 8));
    for (int step = 1; step <= 5; step++) {
      sync.pause(1_300);
      progress.progress(progress(step, 8));
      if (step == 3) {
        sync.workflowTaskTimedOut("START_TO_CLOSE");
      }
    }
    sync.pause(900);
    progress.cancel("operator request");
    sync.cancel("operator request: maintenance window closes");
  }

  /// Writes a text as a language model does, a few words at a time.
  private static void write(Execution execution, String text, int wordsAtOnce, long pauseMillis) {
    CustomTask tokens = execution.startTask("token", object("text", ""));
    append(execution, tokens, text, wordsAtOnce, pauseMillis);
    tokens.complete(object("text", text));
  }

  private static void append(
      Execution execution, CustomTask task, String text, int wordsAtOnce, long pauseMillis) {
    List<String> words = List.of(text.split("(?= )"));
    for (int from = 0; from < words.size(); from += wordsAtOnce) {
      execution.pause(pauseMillis);
      task.append(words.subList(from, Math.min(from + wordsAtOnce, words.size())));
    }
  }

  private static JsonNode progress(int done, int total) {
    return object("progress_idx", done, "progress_total", total);
  }
}
