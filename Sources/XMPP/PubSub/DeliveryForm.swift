/// What a reader gets when an item is published: the option `{urn:broadsheet:reader:0}form`.
public enum DeliveryForm: String, Sendable, CaseIterable {
    /// The PubSub event alone.
    case event
    /// The event with a body for clients that don't know PubSub (`pubsub#include_body`).
    case eventWithBody = "event-body"
    /// A plain message to read in a chat window, without an event in it.
    case chat
    /// A short message to all in a room, whose address the reader's is.
    case room

    /// Those that people can choose between.
    public static let choices: [DeliveryForm] = [.event, .eventWithBody, .chat]
}

/// How much of an issue a plain message holds.
public enum ChatAmount: String, Sendable, CaseIterable {
    case full, short, link
}
