public import Foundation
public import Storage
public import XMPP

/// The options of a subscription as the form `pubsub#subscribe_options` (XEP-0060 §6.3, §16.4.2).
extension DeliveryChoice {
    static let formType = "http://jabber.org/protocol/pubsub#subscribe_options"

    /// Names of our own, in Clark notation as XEP-0068 §3.5 has it.
    private enum Name {
        static let form = "{urn:broadsheet:reader:0}form"
        static let amount = "{urn:broadsheet:reader:0}amount"
        static let translations = "{urn:broadsheet:reader:0}translations"
        static let includeBody = "pubsub#include_body"
        static let deliver = "pubsub#deliver"
        static let expire = "pubsub#expire"
        static let digest = "pubsub#digest"
        static let showValues = "pubsub#show-values"
    }

    /// What `pubsub#expire` is for a subscription that ends with the reader's presence (§12.5).
    private static let withPresence = "presence"

    /// What is chosen now, without what a form has for people.
    var resultForm: DataForm {
        var form = dataForm
        form.type = .result
        form.title = nil
        form.fields = form.fields.map { field in
            DataForm.Field(field.name, field.type == .hidden ? .hidden : nil, values: field.values)
        }
        return form
    }

    /// The form to fill in, with what is chosen now.
    public var dataForm: DataForm {
        DataForm(
            .form,
            formType: Self.formType,
            title: "How you get what is published",
            fields: [
                DataForm.Field(
                    Name.form,
                    .listSingle,
                    label: "What you are sent",
                    values: [form.rawValue],
                    options: DeliveryForm.choices.map { .init($0.rawValue, label: $0.label) }
                ),
                DataForm.Field(
                    Name.amount,
                    .listSingle,
                    label: "How much text, in plain messages",
                    values: [amount.rawValue],
                    options: ChatAmount.allCases.map { .init($0.rawValue, label: $0.label) }
                ),
                DataForm.Field(
                    Name.translations,
                    .boolean,
                    label: "The translation too, where a plain message brought the original",
                    values: [takesTranslations ? "1" : "0"]
                ),
                DataForm.Field(
                    Name.includeBody,
                    .boolean,
                    label: "A text for clients that do not know PubSub",
                    values: [form == .event ? "0" : "1"]
                ),
                DataForm.Field(
                    Name.deliver,
                    .boolean,
                    label: "Send me something at all",
                    values: [isDelivered ? "1" : "0"]
                ),
                DataForm.Field(
                    Name.expire,
                    .textSingle,
                    label: "When the subscription ends by itself, if it is to, or 'presence'",
                    values: end.map { [$0] } ?? []
                ),
                DataForm.Field(
                    Name.showValues,
                    .listMulti,
                    label: "Only while I am, as this address is told",
                    values: Presence.Show.allCases.filter(showValues.contains).map(\.rawValue),
                    options: Presence.Show.allCases.map { .init($0.rawValue, label: $0.label) }
                ),
            ]
        )
    }

    private var end: String? {
        endsWithPresence ? Self.withPresence : expiresAt.map { DateTime($0).description }
    }

    /// The field that needs the reader's presence, if it was chosen since; nil if there is none.
    func fieldByPresence(chosenAfter before: DeliveryChoice) -> String? {
        if endsWithPresence, !before.endsWithPresence { return Name.expire }
        if !showValues.isEmpty, showValues != before.showValues { return Name.showValues }
        return nil
    }

    /// Takes over what a filled-in form says.
    ///
    /// A field that is left out changes nothing, and a field we do not know is ignored (XEP-0004
    /// §3.2). Clients send back the whole form with one field changed, so where `form` and
    /// `include_body` disagree, the one that differs from what was chosen before is meant. Digests
    /// are not made, and whoever asks for one is told so.
    public mutating func apply(_ submitted: DataForm, at now: Date) throws(PubSubError) {
        if submitted.type == .cancel { return }
        if let type = submitted.formType, type != Self.formType { throw .wrongForm(type) }
        if let digest = submitted[Name.digest], try Self.boolean(digest) {
            throw Self.invalid(digest)
        }
        if let show = submitted[Name.showValues] { showValues = try Self.showValues(show) }
        if let translations = submitted[Name.translations] {
            takesTranslations = try Self.boolean(translations)
        }
        if let deliver = submitted[Name.deliver] { isDelivered = try Self.boolean(deliver) }
        if let expire = submitted[Name.expire] {
            endsWithPresence = expire.values == [Self.withPresence]
            expiresAt = endsWithPresence ? nil : try Self.moment(expire, after: now)
        }
        let wantsBody = try submitted[Name.includeBody].map(Self.boolean)
        let chosen: DeliveryForm? = try submitted[Name.form].map(Self.choice)
        if chosen == .room, let field = submitted[Name.form] { throw Self.invalid(field) }
        if let amount: ChatAmount = try submitted[Name.amount].map(Self.choice) {
            self.amount = amount
        }
        if let chosen, chosen != form {
            form = chosen
        } else if form == .event || form == .eventWithBody, let wantsBody {
            form = wantsBody ? .eventWithBody : .event
        }
    }

    private static func boolean(_ field: DataForm.Field) throws(PubSubError) -> Bool {
        switch field.values {
        case ["1"], ["true"]: true
        case ["0"], ["false"]: false
        default: throw invalid(field)
        }
    }

    private static func showValues(
        _ field: DataForm.Field
    ) throws(PubSubError) -> Set<Presence.Show> {
        var shown: Set<Presence.Show> = []
        for word in field.values where !word.isEmpty {
            guard let show = Presence.Show(rawValue: word) else { throw invalid(field) }
            shown.insert(show)
        }
        return shown
    }

    /// A time to come; no value, or an empty one, is none.
    private static func moment(
        _ field: DataForm.Field,
        after now: Date
    ) throws(PubSubError) -> Date? {
        let values = field.values.filter { !$0.isEmpty }
        guard let text = values.first else { return nil }
        guard values.count == 1, let moment = DateTime(text)?.date, moment > now else {
            throw invalid(field)
        }
        return moment
    }

    private static func choice<Choice: RawRepresentable<String>>(
        _ field: DataForm.Field
    ) throws(PubSubError) -> Choice {
        guard field.values.count == 1, let choice = field.values.first.flatMap(Choice.init) else {
            throw invalid(field)
        }
        return choice
    }

    private static func invalid(_ field: DataForm.Field) -> PubSubError {
        .invalidOption(field: field.name ?? "", value: field.values.joined(separator: ", "))
    }
}

extension DeliveryForm {
    fileprivate var label: String {
        switch self {
        case .event: "A PubSub event"
        case .eventWithBody: "A PubSub event with a short text"
        case .chat: "A plain message"
        case .room: "A message in a room"
        }
    }
}

extension ChatAmount {
    fileprivate var label: String {
        switch self {
        case .full: "All of it"
        case .short: "A summary and a link"
        case .link: "Only a link"
        }
    }
}

extension Presence.Show {
    fileprivate var label: String {
        switch self {
        case .chat: "Free for chat"
        case .online: "Available"
        case .away: "Away"
        case .xa: "Away for long"
        case .dnd: "Busy"
        }
    }
}
