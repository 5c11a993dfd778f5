package io.galerne.client;

/// What follows the headers of an answer.
sealed interface AnswerBody permits TextBody, StreamBody {}
