import CQREncode

/// A text as a QR code (ISO/IEC 18004), drawn as SVG.
struct QRCode {
    /// Whether each module is dark, row by row.
    private let modules: [Bool]

    /// Modules in a row; at least 21.
    let width: Int

    /// The empty modules around it that readers need (ISO/IEC 18004 §6.3.8).
    private static let margin = 4

    /// Nil for a text that is too long: some 2300 bytes.
    init?(_ text: String) {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { return nil }
        defer { QRcode_free(code) }
        width = Int(code.pointee.width)
        let count = width * width
        guard let data = code.pointee.data else { return nil }
        modules = (0..<count).map { data[$0] & 1 == 1 }
    }

    subscript(row: Int, column: Int) -> Bool { modules[row * width + column] }

    /// An image with its own white ground, so that it can be read in the dark as well.
    func svg(label: String) -> String {
        let size = width + 2 * Self.margin
        return
            "<svg role=\"img\" aria-label=\"\(Self.escaped(label))\" viewBox=\"0 0 \(size) \(size)\" "
            + "shape-rendering=\"crispEdges\"><path fill=\"#ffffff\" d=\"M0 0h\(size)v\(size)H0z\"/>"
            + "<path fill=\"#000000\" d=\"\(path)\"/></svg>"
    }

    /// A rectangle for each run of dark modules in a row.
    private var path: String {
        var path = ""
        for row in 0..<width {
            var column = 0
            while column < width {
                let start = column
                while column < width, self[row, column] { column += 1 }
                let run = column - start
                if run > 0 {
                    path += "M\(start + Self.margin) \(row + Self.margin)h\(run)v1h-\(run)z"
                }
                column += 1
            }
        }
        return path
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing("\"", with: "&quot;")
    }
}
