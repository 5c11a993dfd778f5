package example

import io.galerne.client.Mistral
import io.galerne.protocol.CustomTaskInProgress
import io.galerne.protocol.Event

/** Prints the tasks of an execution. Kotlin knows which values may be null. */
fun main(args: Array<String>) {
  val (url, execution) = args
  Mistral.builder().serverUrl(url).build().use { mistral ->
    mistral.events().getStreamEvents { it.rootWorkflowExecId(execution).untilTerminal() }.use { events ->
      for (event in events) {
        textOf(event.data())?.let(::println)
      }
    }
  }
}

private fun textOf(event: Event): String? =
  when (event) {
    is CustomTaskInProgress -> "${event.customTaskType()}: ${event.payload()}"
    else -> null
  }
