/// Whether XML counts the byte as white space (XML 1.0 §2.3).
func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
}
