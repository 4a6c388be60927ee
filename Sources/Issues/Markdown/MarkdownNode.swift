import CCMarkGFM
import Synchronization

/// A node of the tree that cmark-gfm makes of a Markdown text.
///
/// The tree lives in C and only as long as the closure given to `withTree`; no other file sees its
/// pointers.
struct MarkdownNode {
    enum Kind {
        case document, quote, list, item, code, html, paragraph, heading, thematicBreak
        case text, softBreak, hardBreak, inlineCode, inlineHTML, emphasis, strong, link, image
        case strikethrough, table, tableHeader, tableRow, tableCell
        case other
    }

    private let pointer: OpaquePointer

    /// Parses a text and gives `body` its root.
    static func withTree<Result>(
        of text: [UInt8],
        _ body: (MarkdownNode) -> Result
    ) -> Result? {
        Extensions.register
        guard let parser = cmark_parser_new(CMARK_OPT_STRIKETHROUGH_DOUBLE_TILDE) else {
            return nil
        }
        defer { cmark_parser_free(parser) }
        for name in Extensions.names {
            guard let syntax = cmark_find_syntax_extension(name) else { continue }
            cmark_parser_attach_syntax_extension(parser, syntax)
        }
        text.withUnsafeBytes { buffer in
            let start = buffer.bindMemory(to: CChar.self).baseAddress
            cmark_parser_feed(parser, start, buffer.count)
        }
        let tree = Extensions.gate.withLock { _ in
            // The pointer leaves the lock as a number: to the compiler, C pointers can't.
            UInt(bitPattern: cmark_parser_finish(parser))
        }
        guard let root = OpaquePointer(bitPattern: tree) else { return nil }
        defer { cmark_node_free(root) }
        return body(MarkdownNode(pointer: root))
    }

    private enum Extensions {
        static let names = ["table", "strikethrough", "autolink"]

        /// The library's list of extensions is global, so it is filled once.
        static let register: Void = cmark_gfm_core_extensions_ensure_registered()

        /// One text at a time: while it reads inlines, the library keeps the characters that mean
        /// something to the extensions in tables all parsers share, and takes them out at the end.
        static let gate = Mutex(())
    }

    // MARK: - Reading

    var kind: Kind {
        switch cmark_node_get_type(pointer) {
        case CMARK_NODE_DOCUMENT: .document
        case CMARK_NODE_BLOCK_QUOTE: .quote
        case CMARK_NODE_LIST: .list
        case CMARK_NODE_ITEM: .item
        case CMARK_NODE_CODE_BLOCK: .code
        case CMARK_NODE_HTML_BLOCK: .html
        case CMARK_NODE_PARAGRAPH: .paragraph
        case CMARK_NODE_HEADING: .heading
        case CMARK_NODE_THEMATIC_BREAK: .thematicBreak
        case CMARK_NODE_TEXT: .text
        case CMARK_NODE_SOFTBREAK: .softBreak
        case CMARK_NODE_LINEBREAK: .hardBreak
        case CMARK_NODE_CODE: .inlineCode
        case CMARK_NODE_HTML_INLINE: .inlineHTML
        case CMARK_NODE_EMPH: .emphasis
        case CMARK_NODE_STRONG: .strong
        case CMARK_NODE_LINK: .link
        case CMARK_NODE_IMAGE: .image
        default: extensionKind
        }
    }

    /// The types of extensions are numbered at run time; their names are fixed.
    private var extensionKind: Kind {
        switch string(cmark_node_get_type_string(pointer)) {
        case "strikethrough": .strikethrough
        case "table": .table
        case "table_header": .tableHeader
        case "table_row": .tableRow
        case "table_cell": .tableCell
        default: .other
        }
    }

    var children: some Sequence<MarkdownNode> {
        sequence(first: cmark_node_first_child(pointer)) { cmark_node_next($0) }
            .lazy.prefix { $0 != nil }.compactMap { $0.map(MarkdownNode.init) }
    }

    var literal: String { string(cmark_node_get_literal(pointer)) }
    var address: String { string(cmark_node_get_url(pointer)) }
    var title: String { string(cmark_node_get_title(pointer)) }

    /// The word behind the fence of a code block.
    var codeLanguage: String? {
        string(cmark_node_get_fence_info(pointer)).split(separator: " ").first.map { String($0) }
    }

    var headingLevel: Int { Int(cmark_node_get_heading_level(pointer)) }
    var isTight: Bool { cmark_node_get_list_tight(pointer) != 0 }

    /// The first number of an ordered list.
    var listStart: Int? {
        cmark_node_get_list_type(pointer) == CMARK_ORDERED_LIST
            ? Int(cmark_node_get_list_start(pointer)) : nil
    }

    /// The lines of a block, counted from 0.
    var lines: ClosedRange<Int> {
        let start = max(0, Int(cmark_node_get_start_line(pointer)) - 1)
        return start...max(start, Int(cmark_node_get_end_line(pointer)) - 1)
    }

    /// Counted in bytes, from 0.
    var column: Int { max(0, Int(cmark_node_get_start_column(pointer)) - 1) }

    /// Whether the library knows where the node stands; of what extensions made it does not.
    var hasPlace: Bool { cmark_node_get_start_line(pointer) > 0 }

    /// What XML forbids can come in by entities (`&#1;`).
    private func string(_ text: UnsafePointer<CChar>?) -> String {
        text.map { String(cString: $0).replacingForbiddenCharacters() } ?? ""
    }
}
