package io.galerne.server.log;

/// What [EventLog] promises, as one suite that every engine's test implements.
public interface EventLogContract
    extends AppendContract, RepeatContract, ReadContract, FilterContract, FollowContract {}
