public import Foundation
public import XML
public import XMPP

/// A question to the archive of a node (XEP-0313 §4, XEP-0442).
public struct ArchiveQuery: Hashable, Sendable {
    public var node: NodeID
    /// Comes back with each result, to tell the results of several queries apart.
    public var queryID: String?
    /// Whose items; nil for everybody's.
    public var publisher: JID?
    public var start: Date?
    public var end: Date?
    /// Words that an item must hold (XEP-0431).
    public var text: String?
    public var page: ResultSetRequest?

    public static let formType = Namespace.archive.rawValue
    public static let textField = "{urn:xmpp:fulltext:0}fulltext"

    public init(node: NodeID, queryID: String? = nil) {
        self.node = node
        self.queryID = queryID
    }

    /// Reads the `<query/>` of a request.
    public init(_ element: Element) throws(PubSubReadingError) {
        self.init(node: try element.node(), queryID: element["queryid"])
        page = element.child("set", in: .resultSets).map(ResultSetRequest.init)
        for field in element.form?.fields ?? [] {
            try read(field)
        }
    }

    private mutating func read(_ field: DataForm.Field) throws(PubSubReadingError) {
        let name = field.name ?? ""
        guard let value = field.values.first, !value.isEmpty, name != "FORM_TYPE" else { return }
        switch name {
        case "with":
            do {
                publisher = try JID(value)
            } catch {
                throw .malformedJID(value, error)
            }
        case "start": start = try Self.moment(value, name)
        case "end": end = try Self.moment(value, name)
        case Self.textField: text = value
        default: throw .unknownField(name)
        }
    }

    private static func moment(
        _ value: String,
        _ name: String
    ) throws(PubSubReadingError) -> Date {
        guard let moment = DateTime(value) else { throw .badMoment(field: name, value: value) }
        return moment.date
    }

    /// The fields that can be filled in (XEP-0313 §4.1.5).
    public static let form = DataForm(
        .form,
        formType: formType,
        fields: [
            DataForm.Field("with", .jidSingle, values: []),
            DataForm.Field("start", .textSingle, values: []),
            DataForm.Field("end", .textSingle, values: []),
            DataForm.Field(textField, .textSingle, values: []),
        ]
    )
}
