namespace ShellGuard.Linux.Abi;

/// <summary>Kinds of types in the kernel's own description, Documentation/bpf/btf.rst.</summary>
[CName("BTF_KIND_", "linux/btf.h")]
internal enum BTF_KIND
{
    INT = 1,
    PTR = 2,
    ARRAY = 3,
    STRUCT = 4,
    UNION = 5,
    ENUM = 6,
    FWD = 7,
    TYPEDEF = 8,
    VOLATILE = 9,
    CONST = 10,
    RESTRICT = 11,
    FUNC = 12,
    FUNC_PROTO = 13,
    VAR = 14,
    DATASEC = 15,
    FLOAT = 16,
    DECL_TAG = 17,
    TYPE_TAG = 18,
    ENUM64 = 19,
}
