// The NEON strategies: for now those of x86, whose tiling asks nothing but vector width, registers and caches.
#pragma once

#include "schedules/x86/Strategies.h"

namespace fasternet {

inline constexpr auto defaultArmPatchConv = defaultX86PatchConv;
inline constexpr auto defaultArmBlock = defaultX86Block;
inline constexpr auto defaultArmHead = defaultX86Head;
inline constexpr auto defaultArmAffine = defaultX86Affine;

inline constexpr auto checkArmPatchConv = checkX86PatchConv;
inline constexpr auto checkArmBlock = checkX86Block;
inline constexpr auto checkArmHead = checkX86Head;
inline constexpr auto checkArmAffine = checkX86Affine;

inline constexpr auto stepsArmPatchConv = stepsX86PatchConv;
inline constexpr auto stepsArmBlock = stepsX86Block;
inline constexpr auto stepsArmHead = stepsX86Head;
inline constexpr auto stepsArmAffine = stepsX86Affine;

inline constexpr auto scheduleArmPatchConv = scheduleX86PatchConv;
inline constexpr auto scheduleArmBlock = scheduleX86Block;
inline constexpr auto scheduleArmHead = scheduleX86Head;
inline constexpr auto scheduleArmAffine = scheduleX86Affine;

} // namespace fasternet
