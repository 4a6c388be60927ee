import Foundation
import Testing

@testable import WebArchive

@Suite("How large an image is")
struct ImageSizeTests {
    private static let png: [UInt8] =
        Array("\u{89}PNG".unicodeScalars.map { UInt8($0.value) }) + [13, 10, 26, 10, 0, 0, 0, 13]
        + Array("IHDR".utf8) + [0, 0, 5, 0, 0, 0, 2, 0xD0]
    private static let gif = Array("GIF89a".utf8) + [0x40, 1, 0xC8, 0]
    private static let jpeg: [UInt8] =
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 1] + [0xFF, 0xC4, 0, 3, 0]
        + [0xFF, 0xC2, 0, 11, 8, 0, 200, 1, 0x40]
    private static let webPHead = Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WEBP".utf8)
    private static let extended =
        webPHead + Array("VP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0, 0x3F, 1, 0, 199, 0, 0]
    private static let lossless =
        webPHead + Array("VP8L".utf8) + [0, 0, 0, 0, 0x2F, 0x3F, 0xC1, 0x31, 0]
    private static let lossy =
        webPHead + Array("VP8 ".utf8) + [0, 0, 0, 0, 0, 0, 0, 0x9D, 1, 0x2A, 0x40, 1, 200, 0]

    private func size(_ bytes: [UInt8]) -> [Int]? {
        ImageSize(ImageBytes(bytes: Data(bytes))).map { [$0.width, $0.height] }
    }

    @Test("PNG, GIF, JPEG and the three kinds of WebP tell it in their heads")
    func kinds() {
        #expect(size(Self.png) == [1_280, 720])
        for bytes in [Self.gif, Self.jpeg, Self.extended, Self.lossless, Self.lossy] {
            #expect(size(bytes) == [320, 200])
        }
    }

    @Test("a head that is cut short, at any byte, tells nothing")
    func cut() {
        for bytes in [Self.png, Self.gif, Self.jpeg, Self.extended, Self.lossless, Self.lossy] {
            for count in bytes.indices { #expect(size(Array(bytes[..<count])) == nil) }
        }
    }

    @Test("of a photograph that may have to be turned, and of no image at all, nothing is said")
    func unknown() {
        let photo: [UInt8] =
            [0xFF, 0xD8, 0xFF, 0xE1, 0, 8] + Array("Exif".utf8) + [0, 0] + Self.jpeg.dropFirst(2)
        #expect(size(photo) == nil)
        #expect(size(Array("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8)) == nil)
        #expect(size(Array(Self.gif.prefix(6)) + [0, 0, 0, 0]) == nil)
        #expect(ImageSize(ofFile: "/nonexistent.png") == nil)
    }

    @Test("a page tells the browser, unless the issue gives a size of its own")
    func onPage() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        let file = sample.root.appending(path: "issues/images/moon.png")
        try Data(Self.png).write(to: file)
        let figure = "{{< figure src=\"/news/images/moon.png\" width=\"200\" caption=\"m\" >}}"
        try sample.write(
            "issues/2026-05-06-sizes.md",
            SampleArchive.text("Sizes", 5) + "\n\n" + figure + "\n"
        )
        _ = try sample.build()
        let page = try sample.page("2026/05/sizes/index.html")
        let images = page.matches(of: /<img [^>]*moon.png[^>]*>/).map { String($0.output) }
        try #require(images.count == 2)
        #expect(images[0].contains("width='1280'") && images[0].contains("height='720'"))
        #expect(images[1].contains("width='200'") && !images[1].contains("height="))
    }
}
