# fasternet_embed_text(output ROOT dir HEADER header TYPE type FUNCTION function FILES ...): see EmbedText.cmake. `output` is a
# source file in the build folder.
function(fasternet_embed_text output)
  cmake_parse_arguments(arg "" "ROOT;HEADER;TYPE;FUNCTION" "FILES" ${ARGN})
  list(JOIN arg_FILES "," joined)
  list(TRANSFORM arg_FILES PREPEND ${arg_ROOT}/ OUTPUT_VARIABLE paths)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DROOT=${arg_ROOT} -DFILES=${joined} -DHEADER=${arg_HEADER} -DTYPE=${arg_TYPE}
            -DFUNCTION=${arg_FUNCTION} -DOUTPUT=${CMAKE_CURRENT_BINARY_DIR}/${output}
            -P ${CMAKE_SOURCE_DIR}/cmake/EmbedText.cmake
    DEPENDS ${paths} ${CMAKE_SOURCE_DIR}/cmake/EmbedText.cmake
    VERBATIM
  )
endfunction()
