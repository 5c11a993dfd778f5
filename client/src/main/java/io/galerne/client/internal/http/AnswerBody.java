package io.galerne.client.internal.http;

/// What follows the headers of an answer.
public sealed interface AnswerBody permits TextBody, StreamBody {}
