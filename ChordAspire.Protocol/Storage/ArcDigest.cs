using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ChordAspire.Protocol;

/// <summary>Stands for the set of versions on an arc: two peers whose digests of an arc are equal hold the same there.</summary>
/// <remarks>
/// Digests of parts add up to the digest of the whole, whatever the parts and their order, so that any arc's digest is read out of an index in
/// logarithmic time. Adding protects from accidents (2^-128), not from somebody who makes up objects to that end: peers of a ring trust each other.
/// </remarks>
/// <param name="Count">Objects, tombstones included.</param>
/// <param name="Sum">Sum modulo 2^128 of the first 16 bytes of each entry's SHA-256.</param>
public readonly record struct ArcDigest(int Count, UInt128 Sum)
{
    /// <summary>Of one entry: its identifier and version.</summary>
    public static ArcDigest Of(in ObjectEntry entry)
    {
        Span<byte> bytes = stackalloc byte[20 + 8 + 1 + ContentHash.ByteCount];
        entry.Id.WriteBigEndian(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[20..], entry.Version.Stamp);
        bytes[28] = entry.Version.Deleted ? (byte)1 : (byte)0;
        entry.Version.Hash.WriteTo(bytes[29..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return new ArcDigest(1, BinaryPrimitives.ReadUInt128BigEndian(hash));
    }

    public static ArcDigest operator +(ArcDigest left, ArcDigest right) => new(left.Count + right.Count, unchecked(left.Sum + right.Sum));

    public static ArcDigest operator -(ArcDigest left, ArcDigest right) => new(left.Count - right.Count, unchecked(left.Sum - right.Sum));
}
