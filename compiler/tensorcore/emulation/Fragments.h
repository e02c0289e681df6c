// Which element of a matrix each lane of a warp holds: the fragment layouts of mma.sync as the PTX manual
// documents them ("Matrix Fragments for mma.m16n8k16 with floating point type", ".m16n8k8"). Lanes come in
// groups of four.
#pragma once

#include "support/KernelSpec.h"

namespace fasternet::tensorcore {

struct MatrixPlace {
  int row = 0, column = 0;
};

/// Element `i` of lane `lane` in the left operand, 16 x k. F16: k is 8 or 16, F32 (tf32): 8.
inline MatrixPlace leftPlace(ElementType type, int lane, int i) {
  const int group = lane / 4, member = lane % 4;
  if (type == ElementType::F16)
    return {group + i / 2 % 2 * 8, member * 2 + i % 2 + i / 4 * 8};
  return {group + i % 2 * 8, member + i / 2 * 4};
}

/// Of the right operand, k x 8.
inline MatrixPlace rightPlace(ElementType type, int lane, int i) {
  const int group = lane / 4, member = lane % 4;
  if (type == ElementType::F16)
    return {member * 2 + i % 2 + i / 2 * 8, group};
  return {member + i * 4, group};
}

/// Of the accumulators and the result, 16 x 8.
inline MatrixPlace sumPlace(int lane, int i) {
  return {lane / 4 + i / 2 * 8, lane % 4 * 2 + i % 2};
}

} // namespace fasternet::tensorcore
