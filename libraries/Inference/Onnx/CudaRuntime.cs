using System.Runtime.InteropServices;

namespace O1Coder.Inference.Onnx;

/// <summary>
/// The functions of CUDA's runtime library that move memory. ONNX Runtime's CUDA provider is linked to the same library, so
/// both mean the same context and the same addresses; found when first needed, for it is only where there is a device.
/// </summary>
internal sealed unsafe class CudaRuntime
{
    // What the provider of ONNX Runtime 1.31 is linked to.
    private const string LinuxName = "libcudart.so.13";
    private const string WindowsName = "cudart64_13.dll";

    private const int OutOfMemory = 2;
    private const int HostToDevice = 1;
    private const int DeviceToHost = 2;
    private const int DeviceToDevice = 3;

    private readonly delegate* unmanaged<nint*, nuint, int> _malloc;
    private readonly delegate* unmanaged<nint, int> _free;
    private readonly delegate* unmanaged<nint, int, nuint, int> _memset;
    private readonly delegate* unmanaged<nint, nint, nuint, int, int> _memcpy;
    private readonly delegate* unmanaged<nint, nuint, nint, nuint, nuint, nuint, int, int> _memcpy2D;
    private readonly delegate* unmanaged<int> _synchronize;
    private readonly delegate* unmanaged<int, nint> _errorString;

    /// <summary>Finds the functions.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no such library here, or no device; one line says so.</exception>
    public CudaRuntime()
    {
        var name = OperatingSystem.IsWindows() ? WindowsName : LinuxName;
        if (!NativeLibrary.TryLoad(name, out var library))
        {
            throw new PlatformNotSupportedException(
                $"CUDA's runtime library {name} cannot be loaded: expected CUDA 13 and a driver for it, or a build without -p:Accelerator=cuda");
        }

        _malloc = (delegate* unmanaged<nint*, nuint, int>)NativeLibrary.GetExport(library, "cudaMalloc");
        _free = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "cudaFree");
        _memset = (delegate* unmanaged<nint, int, nuint, int>)NativeLibrary.GetExport(library, "cudaMemset");
        _memcpy = (delegate* unmanaged<nint, nint, nuint, int, int>)NativeLibrary.GetExport(library, "cudaMemcpy");
        _memcpy2D = (delegate* unmanaged<nint, nuint, nint, nuint, nuint, nuint, int, int>)NativeLibrary.GetExport(library, "cudaMemcpy2D");
        _synchronize = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "cudaDeviceSynchronize");
        _errorString = (delegate* unmanaged<int, nint>)NativeLibrary.GetExport(library, "cudaGetErrorString");

        var devices = 0;
        var count = (delegate* unmanaged<int*, int>)NativeLibrary.GetExport(library, "cudaGetDeviceCount");
        var error = count(&devices);
        if (error != 0 || devices == 0)
        {
            throw new PlatformNotSupportedException(
                $"CUDA finds {devices} devices ({Text(error)}): expected at least one, or a build without -p:Accelerator=cuda");
        }
    }

    /// <summary>Reserves zeros on the device.</summary>
    public nint Allocate(long bytes)
    {
        nint address;
        var error = _malloc(&address, (nuint)bytes);
        if (error == OutOfMemory)
        {
            throw new InsufficientMemoryException($"the device has no {bytes} bytes left");
        }

        Check(error, "cudaMalloc");
        Check(_memset(address, 0, (nuint)bytes), "cudaMemset");
        return address;
    }

    /// <summary>Gives memory of the device back.</summary>
    public void Free(nint address) => Check(_free(address), "cudaFree");

    /// <summary>Copies rows on the device; does not wait for it.</summary>
    public void Copy(nint from, long fromStride, nint to, long toStride, long bytes, long rows) => Check(
        _memcpy2D(to, (nuint)toStride, from, (nuint)fromStride, (nuint)bytes, (nuint)rows, DeviceToDevice), "cudaMemcpy2D");

    /// <summary>Copies to the device; the host's bytes may be changed afterwards.</summary>
    public void Upload(nint host, nint to, long bytes) => Check(_memcpy(to, host, (nuint)bytes, HostToDevice), "cudaMemcpy");

    /// <summary>Copies from the device.</summary>
    public void Download(nint from, nint host, long bytes) => Check(_memcpy(host, from, (nuint)bytes, DeviceToHost), "cudaMemcpy");

    /// <summary>Waits for all that was asked for.</summary>
    public void Synchronize() => Check(_synchronize(), "cudaDeviceSynchronize");

    private void Check(int error, string function)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"{function}: {Text(error)}");
        }
    }

    private string Text(int error) => Marshal.PtrToStringUTF8(_errorString(error)) ?? $"error {error}";
}
