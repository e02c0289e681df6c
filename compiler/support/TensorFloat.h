// TF32, the float that tensor cores multiply: 8 bits of exponent, 10 of mantissa, stored as a float.
#pragma once

namespace fasternet {

/// The nearest tf32 number, ties away from zero, as cvt.rna.tf32.f32 rounds: the lower 13 bits of the result
/// are 0. Beyond the largest tf32 number infinity; infinities and NaNs stay.
float roundedToTf32(float value);

} // namespace fasternet
