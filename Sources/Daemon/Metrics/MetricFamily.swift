/// A metric: its name, what it says, and of which kind it is.
struct MetricFamily: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case counter, gauge
        /// Counts values up to each of the bounds, in seconds.
        case histogram(bounds: [Double])
    }

    let name: String
    let kind: Kind
    /// A sentence for people.
    let help: String

    private init(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        self.kind = kind
        self.help = help
    }
}

// MARK: - What we count ourselves

extension MetricFamily {
    static let streamsOpened = Self(
        "broadsheet_streams_opened_total",
        .counter,
        "Streams that the server has accepted; the first one, and each reconnection."
    )
    static let connectFailures = Self(
        "broadsheet_connect_failures_total",
        .counter,
        "Attempts to connect that led to no stream."
    )
    static let stanzasReceived = Self(
        "broadsheet_stanzas_received_total",
        .counter,
        "Stanzas received, answers to our own requests not counted."
    )
    static let stanzasTurnedAway = Self(
        "broadsheet_stanzas_turned_away_total",
        .counter,
        "Stanzas that were refused or dropped unread, since their sender or all together sent too much."
    )
    static let stanzasSent = Self(
        "broadsheet_stanzas_sent_total",
        .counter,
        "Stanzas sent, those of deliveries not counted."
    )
    static let bytesSent = Self(
        "broadsheet_sent_bytes_total",
        .counter,
        "Bytes of all stanzas sent."
    )
    static let batchTime = Self(
        "broadsheet_batch_seconds",
        .histogram(bounds: quick),
        "How long it took to answer all stanzas that had arrived together, or that one transaction served."
    )
    static let serverAnswerTime = Self(
        "broadsheet_server_answer_seconds",
        .histogram(bounds: quick),
        "How long others took to answer our requests, the barriers of deliveries among them."
    )
    static let requestsUnanswered = Self(
        "broadsheet_requests_unanswered_total",
        .counter,
        "Our requests that got no answer in time, or none before the stream ended."
    )
    static let readersReached = Self(
        "broadsheet_delivery_readers_total",
        .counter,
        "Readers to whom an issue has gone, as the server has acknowledged."
    )
    static let deliveryTime = Self(
        "broadsheet_delivery_seconds",
        .histogram(bounds: slow),
        "How long deliveries took from their start to their last reader."
    )
    static let deliveryErrors = Self(
        "broadsheet_delivery_errors_total",
        .counter,
        "Errors that answered deliveries and told something new of a reader."
    )
    static let readersSuspended = Self(
        "broadsheet_readers_suspended_total",
        .counter,
        "Readers who are sent nothing any more, since too much came back."
    )
    static let engineVerified = Self(
        "broadsheet_engine_verified_total",
        .counter,
        "Changes of items that an engine has shown when it was asked whether they are made."
    )
    static let logEntries = Self(
        "broadsheet_log_entries_total",
        .counter,
        "Entries of the log that somebody should look at."
    )

    private static let quick = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]
    private static let slow: [Double] = [1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 24 * 3600]
}

// MARK: - What is looked at when somebody asks

extension MetricFamily {
    static let buildInfo = Self(
        "broadsheet_build_info",
        .gauge,
        "1, with the version of the program."
    )
    static let streamUp = Self(
        "broadsheet_stream_up",
        .gauge,
        "1 while the stream to the server is open."
    )
    static let rooms = Self(
        "broadsheet_rooms",
        .gauge,
        "Rooms that the configuration names."
    )
    static let roomsJoined = Self(
        "broadsheet_rooms_joined",
        .gauge,
        "Rooms that we are in."
    )
    static let subscriptions = Self(
        "broadsheet_subscriptions",
        .gauge,
        "Subscriptions to the nodes of newsletters."
    )
    static let subscriptionsSuspended = Self(
        "broadsheet_subscriptions_suspended",
        .gauge,
        "Those of them that are sent nothing, since too much came back."
    )
    static let nodes = Self(
        "broadsheet_nodes",
        .gauge,
        "Nodes of the PubSub service, those of others too."
    )
    static let deliveries = Self(
        "broadsheet_deliveries",
        .gauge,
        "Deliveries that have not come to their end."
    )
    static let readersRemaining = Self(
        "broadsheet_delivery_remaining_readers",
        .gauge,
        "Readers whom the deliveries under way have not reached yet."
    )
    static let deliveryRate = Self(
        "broadsheet_delivery_readers_per_second",
        .gauge,
        "Readers reached in a second, by the last minute."
    )
    static let deliveryLag = Self(
        "broadsheet_delivery_lag_seconds",
        .gauge,
        "The age of the oldest delivery that is under way and not held."
    )
    static let engineOperations = Self(
        "broadsheet_engine_operations",
        .gauge,
        "Changes of items that an engine has not shown to be made."
    )
    static let engineReaders = Self(
        "broadsheet_engine_readers_waiting",
        .gauge,
        "Readers who are to be subscribed at the engine, or no more, and are not yet."
    )
    static let engineLag = Self(
        "broadsheet_engine_lag_seconds",
        .gauge,
        "The age of the oldest change that is still to be made at the engine."
    )
    static let databaseSize = Self(
        "broadsheet_database_bytes",
        .gauge,
        "The size of the database, with what is not yet moved into it."
    )
    static let processorTime = Self(
        "process_cpu_seconds_total",
        .counter,
        "Processor time used, in user mode and in the kernel."
    )
    static let residentMemory = Self(
        "process_resident_memory_bytes",
        .gauge,
        "Memory that is resident."
    )
    static let virtualMemory = Self(
        "process_virtual_memory_bytes",
        .gauge,
        "Address space in use."
    )
    static let openFiles = Self(
        "process_open_fds",
        .gauge,
        "Open file descriptors."
    )
    static let mostFiles = Self(
        "process_max_fds",
        .gauge,
        "File descriptors that may be open."
    )
    static let startTime = Self(
        "process_start_time_seconds",
        .gauge,
        "When the process started, in Unix time."
    )
}

extension MetricFamily {
    /// All there are, in the order in which they are written.
    static let all: [MetricFamily] = [
        buildInfo, streamUp, streamsOpened, connectFailures, rooms, roomsJoined,
        stanzasReceived, stanzasTurnedAway, stanzasSent, bytesSent, batchTime, serverAnswerTime,
        requestsUnanswered,
        subscriptions, subscriptionsSuspended, nodes,
        deliveries, readersRemaining, deliveryRate, deliveryLag, readersReached, deliveryTime,
        deliveryErrors, readersSuspended,
        engineOperations, engineReaders, engineLag, engineVerified,
        logEntries, databaseSize,
        processorTime, residentMemory, virtualMemory, openFiles, mostFiles, startTime,
    ]
}
