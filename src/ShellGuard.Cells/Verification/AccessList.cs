using System.Buffers.Binary;

namespace ShellGuard.Cells.Verification;

/// <summary>A file's access control list as its attribute has it: a version, and entries of a tag, rights and a number in
/// the order of tags and numbers; acl(5), <c>linux/posix_acl_xattr.h</c>.</summary>
internal static class AccessList
{
    public const string Attribute = "system.posix_acl_access";

    private const int Head = 4, Size = 8;
    private const uint Version = 2;
    private const ushort Owner = 1, User = 2, Group = 4, NamedGroup = 8, Mask = 0x10, Other = 0x20;

    /// <summary>The list with an entry for a user, as <c>setfacl -m u:USER:RIGHTS</c> makes it: the mask becomes what all
    /// but the owner and the others have.</summary>
    /// <param name="list">What there is; empty where the file has no more than its mode.</param>
    /// <param name="mode">The file's mode, which an empty list stands for.</param>
    public static byte[] With(ReadOnlySpan<byte> list, uint mode, uint user, uint rights)
    {
        SortedDictionary<(ushort Tag, uint Number), ushort> entries = [];
        if (list.IsEmpty)
        {
            entries[(Owner, uint.MaxValue)] = (ushort)((mode >> 6) & 7);
            entries[(Group, uint.MaxValue)] = (ushort)((mode >> 3) & 7);
            entries[(Other, uint.MaxValue)] = (ushort)(mode & 7);
        }

        for (int at = Head; at + Size <= list.Length; at += Size)
        {
            entries[(BinaryPrimitives.ReadUInt16LittleEndian(list[at..]), BinaryPrimitives.ReadUInt32LittleEndian(list[(at + 4)..]))] =
                BinaryPrimitives.ReadUInt16LittleEndian(list[(at + 2)..]);
        }

        entries[(User, user)] = (ushort)rights;
        entries.Remove((Mask, uint.MaxValue));
        ushort mask = 0;
        foreach ((ushort tag, uint number) in entries.Keys)
        {
            mask |= tag is User or Group or NamedGroup ? entries[(tag, number)] : (ushort)0;
        }

        entries[(Mask, uint.MaxValue)] = mask;
        byte[] bytes = new byte[Head + (Size * entries.Count)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Version);
        Span<byte> rest = bytes.AsSpan(Head);
        foreach ((ushort tag, uint number) in entries.Keys)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(rest, tag);
            BinaryPrimitives.WriteUInt16LittleEndian(rest[2..], entries[(tag, number)]);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], number);
            rest = rest[Size..];
        }

        return bytes;
    }
}
