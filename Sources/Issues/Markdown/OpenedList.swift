extension BulletList {
    /// The list, or its pieces around the headings that stand in its items.
    ///
    /// An indented heading right below an item is the item's to a Markdown parser, but to whoever
    /// wrote it the list was over.
    func opened(at place: SourcePlace) -> [Block] {
        guard items.contains(where: { Self.end(of: $0) != nil }) else {
            return [Block(.list(self), at: place)]
        }
        var blocks: [Block] = []
        var items: [[Block]] = []
        var number = start
        func close() {
            guard let first = items.first else { return }
            let list = BulletList(start: number, isTight: isTight, items: items)
            blocks.append(Block(.list(list), at: first.first?.place ?? place))
            number = number.map { $0 + items.count }
            items = []
        }
        for item in self.items {
            guard let heading = Self.end(of: item) else {
                items.append(item)
                continue
            }
            items.append(Array(item[..<heading]))
            close()
            blocks += item[heading...]
        }
        close()
        return blocks
    }

    /// Where the text of an item ends and a heading follows; one right behind the bullet was meant
    /// to be there.
    private static func end(of item: [Block]) -> Int? {
        item.dropFirst().firstIndex { $0.heading != nil }
    }
}
