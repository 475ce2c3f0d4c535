using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>What a seed peer has of a key, where that is not what is held here: somebody has stored it there.</summary>
/// <param name="Content">UTF-8, at most 1 MiB.</param>
/// <param name="Before">What was held here when the seed peer was asked; null: nothing. What has been written since then is newer than the answer.</param>
internal sealed record SeedNews(byte[] Content, ObjectVersion? Before);
