package io.galerne.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTypeTest {
  /// Stores keep these numbers: a change here changes the meaning of stored events.
  @ParameterizedTest
  @CsvSource({
    "1,  workflow, WORKFLOW_EXECUTION_STARTED,          false",
    "2,  workflow, WORKFLOW_EXECUTION_COMPLETED,        true",
    "3,  workflow, WORKFLOW_EXECUTION_FAILED,           true",
    "4,  workflow, WORKFLOW_EXECUTION_CANCELED,         true",
    "5,  workflow, WORKFLOW_EXECUTION_CONTINUED_AS_NEW, false",
    "6,  workflow, WORKFLOW_TASK_TIMED_OUT,             false",
    "7,  workflow, WORKFLOW_TASK_FAILED,                false",
    "8,  activity, CUSTOM_TASK_STARTED,                 false",
    "9,  activity, CUSTOM_TASK_IN_PROGRESS,             false",
    "10, activity, CUSTOM_TASK_COMPLETED,               false",
    "11, activity, CUSTOM_TASK_FAILED,                  false",
    "12, activity, CUSTOM_TASK_TIMED_OUT,               false",
    "13, activity, CUSTOM_TASK_CANCELED,                false",
    "14, activity, ACTIVITY_TASK_STARTED,               false",
    "15, activity, ACTIVITY_TASK_COMPLETED,             false",
    "16, activity, ACTIVITY_TASK_RETRYING,              false",
    "17, activity, ACTIVITY_TASK_FAILED,                false",
  })
  void keepsItsIdNameAndScope(byte id, String scope, String wireName, boolean endsExecution) {
    EventType type = EventType.ofId(id);
    assertThat(type.id()).isEqualTo(id);
    assertThat(type.wireName()).isEqualTo(wireName);
    assertThat(type.scope().wireName()).isEqualTo(scope);
    assertThat(type.endsExecution()).isEqualTo(endsExecution);
    assertThat(EventType.ofWireName(wireName)).contains(type);
  }

  @Test
  void thereAreSeventeen() {
    assertThat(EventType.values()).hasSize(17);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "workflow_execution_started", "WORKFLOW_EXECUTION_STARTED ", "OTHER"})
  void findsNoTypeByAnotherName(String name) {
    assertThat(EventType.ofWireName(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(bytes = {0, 18, -1, 127, -128})
  void refusesAnUnknownId(byte id) {
    assertThatThrownBy(() -> EventType.ofId(id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Byte.toString(id));
  }
}
