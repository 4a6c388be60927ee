import Commands
import Foundation
import NIOCore

/// A command given in the shell, as it goes through the control socket: one line of JSON.
package struct ControlRequest: Codable, Hashable, Sendable {
    /// The command and its arguments, as the shell split them.
    package var words: [String]
    /// The language of the one who asks, `en`.
    package var language: String
    /// The question that was answered with yes.
    package var agreedTo: String?
    /// Whether nothing is to be asked.
    package var agreesToAll: Bool

    package init(
        words: [String],
        language: String,
        agreedTo: String? = nil,
        agreesToAll: Bool = false
    ) {
        self.words = words
        self.language = language
        self.agreedTo = agreedTo
        self.agreesToAll = agreesToAll
    }

    /// Reads a request; an older program's says nothing of what it agrees to.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        words = try fields.decode([String].self, forKey: .words)
        language = try fields.decode(String.self, forKey: .language)
        agreedTo = try fields.decodeIfPresent(String.self, forKey: .agreedTo)
        agreesToAll = try fields.decodeIfPresent(Bool.self, forKey: .agreesToAll) ?? false
    }

    var consent: CommandConsent {
        agreesToAll ? .toEverything : agreedTo.map { .to(question: $0) } ?? .notGiven
    }
}

/// What the service says, one line of JSON each: any number of times `progress`, then an end.
package struct ControlReply: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Sendable {
        case progress, done, refused, failed
        /// Give the command again with the question as what was agreed to.
        case question
    }

    package var kind: Kind
    package var text: String

    package init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    init(_ outcome: CommandOutcome) {
        switch outcome {
        case .done(let text): self.init(.done, text)
        case .refused(let text): self.init(.refused, text)
        case .failed(let text): self.init(.failed, text)
        case .question(let text): self.init(.question, text)
        }
    }
}

/// One message a line, each way.
enum ControlLine {
    static func encode(_ message: some Encodable) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var buffer = ByteBuffer(bytes: try encoder.encode(message))
        buffer.writeString("\n")
        return buffer
    }

    static func decode<Message: Decodable>(
        _ type: Message.Type,
        from line: ByteBuffer
    ) throws -> Message {
        try JSONDecoder().decode(type, from: Data(line.readableBytesView))
    }
}

/// Splits what comes in at line feeds.
struct ControlLineDecoder: ByteToMessageDecoder {
    typealias InboundOut = ByteBuffer

    /// The longest line, in bytes.
    static let maximumLength = 1 << 16

    mutating func decode(
        context: ChannelHandlerContext,
        buffer: inout ByteBuffer
    ) -> DecodingState {
        let view = buffer.readableBytesView
        guard let end = view.firstIndex(of: UInt8(ascii: "\n")),
            let line = buffer.readSlice(length: end - view.startIndex)
        else { return .needMoreData }
        buffer.moveReaderIndex(forwardBy: 1)
        context.fireChannelRead(wrapInboundOut(line))
        return .continue
    }
}
