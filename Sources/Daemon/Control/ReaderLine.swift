package import Storage
package import XMPP

/// A reader as a line of text, for other programs: address, node, form, amount and state, with commas
/// between them (RFC 4180).
///
///     juliet@verona.lit,dispatch-en,chat,short,paused
package struct ReaderLine: Hashable, Sendable {
    package static let heading = "address,node,form,amount,state,since"

    /// Whether the line names the columns, or the first of them.
    package static func isHeading(_ line: String) -> Bool {
        line == heading || heading.hasPrefix(line + ",")
    }

    package let jid: JID
    package let node: NodeID
    package let choice: DeliveryChoice
    /// Whether nothing may be sent to them: not yet accepted, or given up.
    package let isOut: Bool

    /// Reads a line; nil if it is none.
    ///
    /// What follows the state is not looked at.
    package init?(_ line: String) {
        let fields = Self.fields(of: line)
        guard fields.count >= 2, let jid = try? JID(fields[0]),
            let node = NodeID(rawValue: fields[1])
        else { return nil }
        var choice = DeliveryChoice()
        if fields.count > 2, !fields[2].isEmpty {
            guard let form = DeliveryForm(rawValue: fields[2]) else { return nil }
            choice.form = form
        }
        if fields.count > 3, !fields[3].isEmpty {
            guard let amount = ChatAmount(rawValue: fields[3]) else { return nil }
            choice.amount = amount
        }
        let state = fields.count > 4 ? fields[4] : ""
        choice.isDelivered = state != "paused"
        isOut = ["pending", "suspended"].contains(state)
        self.jid = jid
        self.node = node
        self.choice = choice
    }

    /// Writes the fields with quotes around those that need them.
    package static func line(_ fields: [String]) -> String {
        fields.map { field in
            field.contains { ",\"\n\r".contains($0) }
                ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
        }.joined(separator: ",")
    }

    private static func fields(of line: String) -> [String] {
        var fields = [""]
        var isQuoted = false
        var wasQuote = false
        for character in line {
            switch character {
            case "\"" where isQuoted:
                isQuoted = false
                wasQuote = true
                continue
            case "\"" where wasQuote:
                // Two of them stand for one.
                fields[fields.count - 1].append("\"")
                isQuoted = true
            case "\"" where fields[fields.count - 1].isEmpty:
                isQuoted = true
            case "," where !isQuoted:
                fields.append("")
            default:
                fields[fields.count - 1].append(character)
            }
            wasQuote = false
        }
        return fields
    }
}
